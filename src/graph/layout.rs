//! Where boxes and arrows are.
//!
//! In: the sizes of boxes, and which requires which. Out: where they stand, and the ways of the
//! arrows between them, in pixels from the upper left. What a box looks like is not known here.
//!
//! Boxes stand in ranks, each below what requires it, or right of it where that is the better shape.
//! An arrow crosses a rank straight, at a place of its own, and bends only between ranks: so it
//! never crosses a box.

use std::collections::BTreeSet;

use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel};

/// How far things are from each other.
struct Gaps {
    boxes: f64,
    arrows: f64,
    ranks: f64,
}

const DOWN: Gaps = Gaps { boxes: 28.0, arrows: 18.0, ranks: 60.0 };
const RIGHT: Gaps = Gaps { boxes: 18.0, arrows: 14.0, ranks: 84.0 };
/// Between boxes that nothing joins, between them and the others, and the width that they fill.
const ALONE: f64 = 20.0;
const APART: f64 = 40.0;
const ROW: f64 = 940.0;
/// A picture wider than this is tried from left to right.
const WIDE: f64 = 1000.0;
/// A height counts so much as a width.
const HEIGHT: f64 = 0.7;

/// A point, or width and height.
pub(super) type Pair = (f64, f64);

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    /// Its width and height.
    pub size: Pair,
    /// The upper left corner of each box.
    pub boxes: Vec<Pair>,
    /// The ways of the arrows.
    pub ways: Vec<Way>,
}

/// The way of an arrow.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Way {
    /// Where it begins and leaves its rank, enters and leaves each rank that it crosses, enters the
    /// last one and ends there.
    pub points: Vec<Pair>,
    /// Whether it goes from left to right.
    pub right: bool,
}

/// The layout of boxes that have these sizes. An arrow from a box to itself is left out, and the
/// second one between the same two.
pub(super) fn layout(sizes: &[Pair], edges: &[(usize, usize)]) -> Layout {
    let edges: BTreeSet<(usize, usize)> =
        edges.iter().copied().filter(|(from, to)| from != to).collect();
    let joined: BTreeSet<usize> = edges.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let mut layout = Layout { boxes: vec![(0.0, 0.0); sizes.len()], ..Layout::default() };
    if !joined.is_empty() {
        let down = ranked(sizes, &edges, &joined, &DOWN);
        layout =
            if down.size.0 > WIDE { better(down, right(sizes, &edges, &joined)) } else { down };
    }
    let alone = (0..sizes.len()).filter(|place| !joined.contains(place));
    rows(&mut layout, sizes, &alone.collect::<Vec<_>>());
    layout
}

/// The one whose longer side is shorter.
fn better(one: Layout, other: Layout) -> Layout {
    let far = |layout: &Layout| layout.size.0.max(layout.size.1 * HEIGHT);
    if far(&other) < far(&one) { other } else { one }
}

/// What goes down goes right.
fn right(sizes: &[Pair], edges: &BTreeSet<(usize, usize)>, joined: &BTreeSet<usize>) -> Layout {
    let turn = |pairs: &[Pair]| pairs.iter().map(swap).collect::<Vec<_>>();
    let layout = ranked(&turn(sizes), edges, joined, &RIGHT);
    let ways = layout.ways.iter().map(|way| Way { points: turn(&way.points), right: true });
    Layout { size: swap(&layout.size), boxes: turn(&layout.boxes), ways: ways.collect() }
}

fn swap(pair: &Pair) -> Pair {
    (pair.1, pair.0)
}

/// Boxes that nothing joins, in rows of equal columns below the others.
fn rows(layout: &mut Layout, sizes: &[Pair], alone: &[usize]) {
    let widest = alone.iter().map(|place| sizes[*place].0).fold(0.0, f64::max);
    let columns = ((layout.size.0.max(ROW) + ALONE) / (widest + ALONE)).max(1.0) as usize;
    let mut top = if layout.size.1 > 0.0 { layout.size.1 + APART } else { 0.0 };
    for row in alone.chunks(columns) {
        for (column, place) in row.iter().enumerate() {
            let left = column as f64 * (widest + ALONE);
            layout.boxes[*place] = (left, top);
            layout.size.0 = layout.size.0.max(left + sizes[*place].0);
            layout.size.1 = layout.size.1.max(top + sizes[*place].1);
        }
        top = layout.size.1 + ALONE;
    }
}

/// Boxes in ranks, each below what requires it. Those of a rank begin at the same height.
fn ranked(
    sizes: &[Pair],
    edges: &BTreeSet<(usize, usize)>,
    joined: &BTreeSet<usize>,
    gaps: &Gaps,
) -> Layout {
    let graph = placed(sizes, edges, joined, gaps);
    let middle = |place: usize| {
        let node = graph.node(&name(place));
        node.and_then(|node| Some((node.x?, node.y?))).unwrap_or_default()
    };
    let mut bands = Bands::default();
    joined.iter().for_each(|place| bands.add(middle(*place).1, sizes[*place].1));
    let mut boxes = vec![(0.0, 0.0); sizes.len()];
    for place in joined {
        let (x, y) = middle(*place);
        boxes[*place] = (x - sizes[*place].0 / 2.0, bands.at(y).0);
    }
    let way = |(from, to): &(usize, usize)| {
        let edge = graph.edge(&name(*from), &name(*to), None);
        let between = edge.map(|edge| edge.points.as_slice()).unwrap_or_default();
        let ends = [from, to].map(|place| (middle(*place), sizes[*place].1));
        Way { points: bands.way(ends, between), right: false }
    };
    let ways = edges.iter().map(way).collect();
    let mut layout = Layout { size: (0.0, 0.0), boxes, ways };
    layout.fit(sizes, joined);
    layout
}

/// What the layout engine makes of it.
fn placed(
    sizes: &[Pair],
    edges: &BTreeSet<(usize, usize)>,
    joined: &BTreeSet<usize>,
    gaps: &Gaps,
) -> Graph<NodeLabel, EdgeLabel> {
    // Two that require each other have two arrows.
    let options = GraphOptions { directed: true, multigraph: true, compound: false };
    let mut graph = Graph::with_options(options);
    for place in joined {
        let (width, height) = sizes[*place];
        graph.set_node(name(*place), Some(NodeLabel { width, height, ..NodeLabel::default() }));
    }
    for (from, to) in edges {
        graph.set_edge(name(*from), name(*to), Some(EdgeLabel::default()), None);
    }
    let Gaps { boxes: nodesep, arrows: edgesep, ranks: ranksep } = *gaps;
    let options =
        LayoutOptions { nodesep, edgesep, ranksep, tie_keep_first: true, ..Default::default() };
    dagre::layout(&mut graph, Some(options));
    graph
}

/// Names that sort as the places do.
fn name(place: usize) -> String {
    format!("{place:08}")
}

impl Layout {
    /// Moves everything so that it begins at the upper left, and measures it.
    fn fit(&mut self, sizes: &[Pair], joined: &BTreeSet<usize>) {
        let corners = joined.iter().flat_map(|place| {
            let ((x, y), (width, height)) = (self.boxes[*place], sizes[*place]);
            [(x, y), (x + width, y + height)]
        });
        let points = self.ways.iter().flat_map(|way| way.points.iter().copied());
        let all: Vec<Pair> = corners.chain(points).collect();
        let least = |it: fn(&Pair) -> f64| all.iter().map(it).fold(f64::MAX, f64::min);
        let most = |it: fn(&Pair) -> f64| all.iter().map(it).fold(f64::MIN, f64::max);
        let (left, top) = (least(|it| it.0), least(|it| it.1));
        self.size = (most(|it| it.0) - left, most(|it| it.1) - top);
        let points = self.ways.iter_mut().flat_map(|way| &mut way.points);
        for point in self.boxes.iter_mut().chain(points) {
            *point = (point.0 - left, point.1 - top);
        }
    }
}

/// The ranks: where each begins and ends, by its middle.
#[derive(Default)]
struct Bands(Vec<(f64, Pair)>);

impl Bands {
    fn add(&mut self, middle: f64, height: f64) {
        let (top, bottom) = (middle - height / 2.0, middle + height / 2.0);
        match self.0.iter_mut().find(|band| (band.0 - middle).abs() < 1.0) {
            Some((_, band)) => *band = (band.0.min(top), band.1.max(bottom)),
            None => self.0.push((middle, (top, bottom))),
        }
    }

    fn find(&self, middle: f64) -> Option<Pair> {
        self.0.iter().find(|band| (band.0 - middle).abs() < 1.0).map(|(_, band)| *band)
    }

    fn at(&self, middle: f64) -> Pair {
        self.find(middle).unwrap_or((middle, middle))
    }

    /// From the edge of one box to that of another, straight through every rank between them.
    fn way(&self, ends: [(Pair, f64); 2], between: &[dagre::Point]) -> Vec<Pair> {
        let [((from, start), above), ((to, end), below)] = ends;
        let down = start < end;
        let (first, last) = (self.at(start), self.at(end));
        let (leaves, arrives) = match down {
            true => ((first.0 + above, first.1), (last.0, last.0)),
            false => ((first.0, first.0), (last.1, last.0 + below)),
        };
        let mut points = vec![(from, leaves.0), (from, leaves.1)];
        for point in between {
            let Some((top, bottom)) = self.find(point.y).filter(|it| *it != first && *it != last)
            else {
                continue;
            };
            let (enters, leaves) = if down { (top, bottom) } else { (bottom, top) };
            points.extend([(point.x, enters), (point.x, leaves)]);
        }
        points.extend([(to, arrives.0), (to, arrives.1)]);
        points
    }
}
