//! A picture, read again.

use roxmltree::{Document, Node};

/// What a picture shows.
pub struct Picture {
    /// All its words, in their order.
    pub words: String,
    size: (f64, f64),
    /// Left, top, right and bottom of each box.
    boxes: Vec<[f64; 4]>,
    /// Points along each arrow, its tip at the end.
    ways: Vec<Vec<(f64, f64)>>,
}

impl Picture {
    pub fn read(svg: &str) -> Result<Self, String> {
        let document = Document::parse(svg).map_err(|error| error.to_string())?;
        let all: Vec<Node> = document.descendants().filter(Node::is_element).collect();
        let of = |class: &str| -> Vec<Node> {
            all.iter().filter(|node| node.attribute("class") == Some(class)).copied().collect()
        };
        let is_box = |node: &&Node| matches!(node.attribute("class"), Some("box" | "target"));
        let boxes = all.iter().filter(is_box).map(|node| {
            let [x, y, width, height] = ["x", "y", "width", "height"].map(|it| number(node, it));
            [x, y, x + width, y + height]
        });
        let moved = all.iter().find_map(|node| node.attribute("transform"));
        let moved = numbers(moved.unwrap_or_default().trim_matches(|c: char| !c.is_ascii_digit()));
        let ways = of("way").into_iter().zip(of("head")).map(|(way, head)| {
            let mut points = sampled(way.attribute("d").unwrap());
            let tip = numbers(&head.attribute("d").unwrap().replace(['M', 'L', 'Z'], " "));
            points.push((tip[2], tip[3]));
            points
        });
        let words = all.iter().filter(|node| node.has_tag_name("text"));
        let picture = Self {
            words: words.map(|node| node.text().unwrap_or_default()).collect(),
            size: (
                number(&all[0], "width") - 2.0 * moved[0],
                number(&all[0], "height") - moved[0] - moved[1],
            ),
            boxes: boxes.collect(),
            ways: ways.collect(),
        };
        let of_boxes = picture.boxes.iter().flatten().copied();
        let of_ways = picture.ways.iter().flatten().flat_map(|(x, y)| [*x, *y]);
        let finite = of_boxes.chain(of_ways).all(f64::is_finite);
        if finite { Ok(picture) } else { Err("what is no number".to_owned()) }
    }

    /// Nothing overlaps or is cut off, and each arrow joins what it shall join.
    pub fn check(&self, boxes: usize, edges: &[(usize, usize)]) -> Result<(), String> {
        let (width, height) = self.size;
        let within = |x: f64, y: f64| {
            (-0.1..=width + 0.1).contains(&x) && (-0.1..=height + 0.1).contains(&y)
        };
        if (self.boxes.len(), self.ways.len()) != (boxes, edges.len()) {
            return Err(format!("{} boxes, {} arrows", self.boxes.len(), self.ways.len()));
        }
        for (number, one) in self.boxes.iter().enumerate() {
            if !within(one[0], one[1]) || !within(one[2], one[3]) {
                return Err(format!("box {number} is cut off"));
            }
            let near = |other: &[f64; 4]| {
                one[0] < other[2] + 8.0
                    && other[0] < one[2] + 8.0
                    && one[1] < other[3] + 8.0
                    && other[1] < one[3] + 8.0
            };
            if let Some(other) = self.boxes[..number].iter().position(near) {
                return Err(format!("boxes {other} and {number} overlap"));
            }
        }
        for (way, (from, to)) in self.ways.iter().zip(edges) {
            let inside = |(x, y): &(f64, f64), it: &[f64; 4]| {
                it[0] + 0.3 < *x && *x < it[2] - 0.3 && it[1] + 0.3 < *y && *y < it[3] - 0.3
            };
            let at = |(x, y): &(f64, f64), it: &[f64; 4]| {
                it[0] - 0.3 < *x && *x < it[2] + 0.3 && it[1] - 0.3 < *y && *y < it[3] + 0.3
            };
            let crosses = |it: &&[f64; 4]| way.iter().any(|point| inside(point, it));
            if self.boxes.iter().any(|it| crosses(&it)) {
                return Err(format!("the arrow from {from} to {to} crosses a box"));
            }
            if !way.iter().all(|(x, y)| within(*x, *y)) {
                return Err(format!("the arrow from {from} to {to} is cut off"));
            }
            let (first, tip) = (way.first().unwrap(), way.last().unwrap());
            if !at(first, &self.boxes[*from]) || !at(tip, &self.boxes[*to]) {
                return Err(format!("the arrow from {from} to {to} does not join them"));
            }
        }
        Ok(())
    }
}

/// Points along a path of absolute moves, lines and curves.
fn sampled(path: &str) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for piece in
        path.split_inclusive(|c: char| c.is_ascii_alphabetic()).collect::<Vec<_>>().windows(2)
    {
        let kind = piece[0].chars().last().unwrap();
        let numbers = numbers(piece[1].trim_end_matches(|c: char| c.is_ascii_alphabetic()));
        let start = points.last().copied().unwrap_or((numbers[0], numbers[1]));
        let through: Vec<(f64, f64)> = numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        let controls = match (kind, &through[..]) {
            ('C', [one, other, end]) => [start, *one, *other, *end],
            (_, [end]) => [start, start, *end, *end],
            _ => panic!("{path}"),
        };
        points.extend((0..=40).map(|step| along(controls, f64::from(step) / 40.0)));
    }
    points
}

fn along(controls: [(f64, f64); 4], t: f64) -> (f64, f64) {
    let weights =
        [(1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3)];
    let sum = |it: fn(&(f64, f64)) -> f64| {
        controls.iter().zip(weights).map(|(point, weight)| it(point) * weight).sum()
    };
    (sum(|it| it.0), sum(|it| it.1))
}

fn number(node: &Node, name: &str) -> f64 {
    node.attribute(name).unwrap_or_default().parse().unwrap_or(f64::NAN)
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().map(|number| number.parse().unwrap()).collect()
}

/// What Graphviz has drawn.
pub struct Drawn {
    /// The name and the words of each node.
    pub nodes: Vec<(String, String)>,
    /// How many arrows there are.
    pub edges: usize,
}

pub fn by_graphviz(svg: &str) -> Drawn {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = Document::parse_with_options(svg, options).unwrap();
    let of = |class: &'static str| {
        document.descendants().filter(move |node| node.attribute("class") == Some(class))
    };
    let text = |node: Node, tag: &str| -> String {
        let found = node.descendants().filter(|it| it.has_tag_name(tag));
        found.map(|it| it.text().unwrap_or_default().to_owned()).collect()
    };
    let mut nodes: Vec<(String, String)> =
        of("node").map(|node| (text(node, "title"), text(node, "text"))).collect();
    nodes.sort_by_key(|(name, _)| name[1..].parse::<usize>().unwrap());
    Drawn { nodes, edges: of("edge").count() }
}
