//! A graph as a picture.
//!
//! In: a [`Graph`]. Out: an SVG that needs nothing from elsewhere. Boxes are light and have dark
//! letters; what stands beside them can be read on white and on dark paper.

use std::fmt::Write as _;

use super::layout::{Layout, Pair, Way, layout};
use super::text::{self, BOLD, REGULAR};
use super::{Graph, Node, line};

/// The picture's edge, and what is between a box's edge and its text.
const MARGIN: f64 = 24.0;
const PADDING: Pair = (16.0, 12.0);
/// The badge's radius, and what is between it and the text.
const BADGE: f64 = 12.0;
const GAP: f64 = 12.0;
/// The widest line in a box, and the widest of the title.
const LINE: f64 = 260.0;
const TITLE_LINE: f64 = 640.0;
/// The arrow's head: length, and half its width.
const HEAD: Pair = (9.0, 4.5);

const FONT: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
const STYLE: &str = "\
.box{fill:#f8fafc;stroke:#94a3b8;stroke-width:1.25}\
.target{fill:#334155;stroke:#64748b;stroke-width:1.25}\
.badge{fill:#c8291f}.number{fill:#fff;text-anchor:middle}\
.name{fill:#0f172a}.more{fill:#475569}.on-target{fill:#f8fafc}.more-on-target{fill:#cbd5e1}\
.title{fill:#7b8798}.way{fill:none;stroke:#7b8798;stroke-width:1.5}.head{fill:#7b8798}";

/// How a line is written: the size of its letters, their weight, how far its line is from the next.
#[derive(Clone, Copy)]
struct Type {
    size: f64,
    weight: f64,
    step: f64,
    css: &'static str,
}

const TITLE: Type = Type { size: 17.0, weight: BOLD, step: 24.0, css: "600 17px" };
const NAME: Type = Type { size: 14.0, weight: BOLD, step: 19.0, css: "600 14px" };
const MORE: Type = Type { size: 12.0, weight: REGULAR, step: 17.0, css: "400 12px" };

/// A box: the lines of its text, and its badge.
struct Card {
    lines: Vec<(Type, String)>,
    badge: Option<Badge>,
}

/// A number, and half the width of what it stands in: a circle, or longer.
struct Badge {
    number: String,
    half: f64,
}

/// The picture.
pub fn svg(graph: &Graph) -> String {
    let half = badge(graph);
    let cards: Vec<Card> = graph.nodes.iter().map(|node| Card::new(node, half)).collect();
    let sizes: Vec<Pair> = cards.iter().map(Card::size).collect();
    let layout = layout(&sizes, &graph.edges);
    let title = title(&graph.title);
    let head = if title.is_empty() { 0.0 } else { title.len() as f64 * TITLE.step + 16.0 };
    let mut text = opening(&layout, &title, head);
    for (number, line) in (1..).zip(&title) {
        let y = MARGIN + f64::from(number) * TITLE.step - 7.0;
        line_of(&mut text, TITLE, "title", (MARGIN, y), line);
    }
    let _ = writeln!(text, "<g transform=\"translate({MARGIN} {})\">", MARGIN + head);
    layout.ways.iter().for_each(|way| arrow(&mut text, way));
    for (card, corner) in cards.iter().zip(&layout.boxes) {
        card.draw(&mut text, *corner);
    }
    text + "</g>\n</svg>\n"
}

/// Half the width of all badges, so that names stand below each other.
fn badge(graph: &Graph) -> f64 {
    let numbers = graph.nodes.iter().filter_map(|node| node.order);
    let widths = numbers.map(|number| text::width(&number.to_string(), MORE.size, BOLD));
    widths.map(|width| width / 2.0 + 6.0).fold(BADGE, f64::max)
}

fn title(title: &str) -> Vec<String> {
    match line(title) {
        title if title.is_empty() => Vec::new(),
        title => text::lines(&title, TITLE.size, TITLE.weight, TITLE_LINE),
    }
}

/// The picture's size, its name and its style.
fn opening(layout: &Layout, title: &[String], head: f64) -> String {
    let widths = title.iter().map(|line| text::width(line, TITLE.size, TITLE.weight));
    let width = (widths.fold(layout.size.0, f64::max) + 2.0 * MARGIN).ceil();
    let height = (layout.size.1 + head + 2.0 * MARGIN).ceil();
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n"
    );
    if !title.is_empty() {
        let _ = writeln!(text, "<title>{}</title>", escaped(&title.concat()));
    }
    let _ = writeln!(text, "<style>text{{font-family:{FONT}}}{STYLE}</style>");
    text
}

impl Card {
    fn new(node: &Node, half: f64) -> Self {
        let written = node.more().map(|line| (MORE, line));
        let all = std::iter::once((NAME, &node.name)).chain(written);
        let lines = all.flat_map(|(of, line)| {
            let lines = text::lines(&super::line(line), of.size, of.weight, LINE);
            lines.into_iter().map(move |line| (of, line))
        });
        let badge = node.order.map(|order| Badge { number: order.to_string(), half });
        Self { lines: lines.collect(), badge }
    }

    /// Where the text begins.
    fn indent(&self) -> f64 {
        PADDING.0 + self.badge.as_ref().map_or(0.0, |badge| 2.0 * badge.half + GAP)
    }

    fn size(&self) -> Pair {
        let widths = self.lines.iter().map(|(of, line)| text::width(line, of.size, of.weight));
        let height: f64 = self.lines.iter().map(|(of, _)| of.step).sum();
        let width = self.indent() + widths.fold(0.0, f64::max) + PADDING.0;
        (width.ceil(), (height + 2.0 * PADDING.1).max(2.0 * (BADGE + PADDING.1)))
    }

    fn draw(&self, svg: &mut String, (x, y): Pair) {
        let (width, height) = self.size();
        let (class, name, more) = match self.badge {
            Some(_) => ("box", "name", "more"),
            None => ("target", "on-target", "more-on-target"),
        };
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" rx=\"9\"/>",
            short(x),
            short(y)
        );
        self.draw_badge(svg, (x, y + height / 2.0));
        let lines: f64 = self.lines.iter().map(|(of, _)| of.step).sum();
        let mut base = y + (height - lines) / 2.0 - 4.5;
        for (of, line) in &self.lines {
            base += of.step;
            let class = if of.weight == BOLD { name } else { more };
            line_of(svg, *of, class, (x + self.indent(), base), line);
        }
    }

    fn draw_badge(&self, svg: &mut String, (x, middle): Pair) {
        let Some(Badge { number, half }) = &self.badge else { return };
        let left = x + PADDING.0;
        let _ = writeln!(
            svg,
            "<rect class=\"badge\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{BADGE}\"/>",
            short(left),
            short(middle - BADGE),
            short(2.0 * half),
            2.0 * BADGE
        );
        let bold = Type { css: "600 12px", ..MORE };
        line_of(svg, bold, "number", (left + half, middle + 4.3), number);
    }
}

/// A line of text, its left end at this point.
fn line_of(svg: &mut String, of: Type, class: &str, (x, y): Pair, line: &str) {
    let (weight, size) = of.css.split_once(' ').unwrap_or_default();
    let _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\" font-weight=\"{weight}\" font-size=\"{size}\" \
         xml:space=\"preserve\">{}</text>",
        short(x),
        short(y),
        escaped(line)
    );
}

/// A way, and the head at its end.
fn arrow(svg: &mut String, way: &Way) {
    let [before @ .., enters, tip] = way.points.as_slice() else { return };
    let along = |point: &Pair| if way.right { point.0 } else { point.1 };
    let forth = before.last().is_none_or(|last| along(last) < along(enters));
    let back = if forth { -HEAD.0 } else { HEAD.0 };
    let neck = |point: &Pair| moved(*point, back, 0.0, way.right);
    let points = [before, &[neck(enters), neck(tip)]].concat();
    let _ = writeln!(svg, "<path class=\"way\" d=\"{}\"/>", curve(&points, way.right));
    let [one, other] = [-HEAD.1, HEAD.1].map(|aside| moved(*tip, back, aside, way.right));
    let [one, tip, other] = [one, *tip, other].map(shown);
    let _ = writeln!(svg, "<path class=\"head\" d=\"M{one}L{tip}L{other}Z\"/>");
}

/// A point further along the way, and aside.
fn moved((x, y): Pair, along: f64, aside: f64, right: bool) -> Pair {
    if right { (x + along, y + aside) } else { (x + aside, y + along) }
}

/// Straight across ranks, bent between them.
fn curve(points: &[Pair], right: bool) -> String {
    let mut path = points.first().map(|start| format!("M{}", shown(*start))).unwrap_or_default();
    for (number, pair) in points.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        let straight = if right { from.1 == to.1 } else { from.0 == to.0 };
        if from == to {
            continue;
        }
        if number % 2 == 0 || straight {
            let _ = write!(path, "L{}", shown(to));
            continue;
        }
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let [one, other] = match right {
            true => [(middle.0, from.1), (middle.0, to.1)],
            false => [(from.0, middle.1), (to.0, middle.1)],
        };
        let _ = write!(path, "C{} {} {}", shown(one), shown(other), shown(to));
    }
    path
}

fn shown((x, y): Pair) -> String {
    format!("{} {}", short(x), short(y))
}

/// A number with at most one digit behind the point.
fn short(number: f64) -> f64 {
    // Adding nothing makes a zero of a negative zero.
    (number * 10.0).round() / 10.0 + 0.0
}

/// As XML has it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            c => escaped.push(c),
        }
    }
    escaped
}
