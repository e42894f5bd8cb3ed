//! What holds for every installation: the order, the versions, and that no order of a list is seen in
//! which versions they are. Chains that are long and graphs that are wide.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use rampkit::descriptor::document::{Module, Wanted, Wants};
use rampkit::error::{AssemblyError, Error};
use rampkit::install::{Candidate, Catalogue, Installation, Origin, Version, Wish, choose};
use serde_json::Value;

use super::graph::{Asks, Graph, graphs};
use super::labels;
use crate::harness::computed;
use crate::properties::holds;
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_wish_comes_true),
        test!(no_order_of_a_list_is_seen_in_versions),
        test!(a_long_chain),
        test!(a_long_ring),
        test!(a_wide_graph),
        test!(many_versions_that_show_each_other),
    ]
}

const TARGET: &str = "target.yaml:1";

fn wanted(value: &Value) -> Wanted {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Wanted { name: text("name").unwrap(), version: text("version") }
}

fn candidate(name: String, version: Option<String>, install: Vec<Wanted>) -> Candidate {
    let place = format!("{name}-{}/module.yaml", version.as_deref().unwrap_or_default());
    let module = Module { name, version, modules: Some(Wants { install }), ..Module::default() };
    Candidate { module, origin: Origin::of_line(&place, 1, None) }
}

fn chosen(graph: &Graph) -> Result<Installation, Error> {
    let mut catalogue = Catalogue::default();
    for module in &graph.modules {
        let Wanted { name, version } = wanted(module);
        let install = module["modules"]["install"].as_array().unwrap().iter().map(wanted).collect();
        catalogue.add(candidate(name, version, install)).unwrap();
    }
    let wishes: Vec<Wish> =
        graph.install.iter().map(|value| Wish::new(&wanted(value), TARGET).pinning()).collect();
    choose(&catalogue, &wishes, &[])
}

fn every_wish_comes_true() {
    let right = Cell::new(0);
    holds(1500, &graphs(8, Asks::Any), |graph| match chosen(&graph) {
        Ok(installation) => {
            right.set(right.get() + 1);
            is_right(&graph, &installation)
        }
        Err(Error::Assembly(
            AssemblyError::Missing { .. }
            | AssemblyError::Conflict { .. }
            | AssemblyError::Cycle { .. }
            | AssemblyError::Unsettled { .. },
        )) => Ok(()),
        Err(other) => Err(TestCaseError::fail(other.to_string())),
    });
    assert!(right.get() > 200, "only {} can be installed", right.get());
}

fn is_right(graph: &Graph, installation: &Installation) -> TestCaseResult {
    let modules = &installation.modules;
    let place: BTreeMap<&str, usize> =
        modules.iter().enumerate().map(|(n, it)| (&*it.candidate.module.name, n)).collect();
    prop_assert_eq!(place.len(), modules.len());
    let mut edges = BTreeSet::new();
    let mut exact: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    let mut note = |wanted: &Wanted, by_target| {
        let all = exact.entry(wanted.name.clone()).or_default();
        all.extend(wanted.version.iter().map(|version| (version.clone(), by_target)));
    };
    for (n, chosen) in modules.iter().enumerate() {
        prop_assert!(!chosen.why.is_empty());
        for wanted in &chosen.candidate.module.modules.as_ref().unwrap().install {
            prop_assert!(place[&*wanted.name] < n);
            edges.insert((n, place[&*wanted.name]));
            note(wanted, false);
        }
    }
    graph.install.iter().for_each(|value| note(&wanted(value), true));
    prop_assert_eq!(edges.into_iter().collect::<Vec<_>>(), installation.edges.clone());
    for (name, asked) in exact {
        let version = modules[place[&*name]].candidate.module.version.clone().unwrap();
        let pins = asked.iter().any(|(_, by_target)| *by_target);
        let all = asked.iter().filter(|(_, by_target)| !pins || *by_target);
        prop_assert!(all.into_iter().all(|(asked, _)| *asked == version));
        if asked.is_empty() {
            let others = graph.modules.iter().filter(|it| it["name"] == *name);
            let others = others.map(|it| Version::new(it["version"].as_str().unwrap()));
            let highest = others.filter(|it| !it.is_prerelease()).max();
            prop_assert_eq!(highest, Some(Version::new(&version)));
        }
    }
    Ok(())
}

fn no_order_of_a_list_is_seen_in_versions() {
    let shuffled = graphs(8, Asks::Any).prop_flat_map(|graph| {
        let lists: Vec<_> = graph
            .modules
            .iter()
            .map(|module| {
                let list = module["modules"]["install"].as_array().unwrap().clone();
                Just(list).prop_shuffle()
            })
            .collect();
        let modules = Just(graph.modules.clone()).prop_shuffle();
        (Just(graph.install.clone()).prop_shuffle(), lists, modules, Just(graph))
    });
    holds(1000, &shuffled, |(install, lists, _, graph)| {
        let mut other = Graph { install, ..graph.clone() };
        for (module, list) in other.modules.iter_mut().zip(lists) {
            module["modules"]["install"] = list.into();
        }
        other.modules.reverse();
        let sorted = |graph: &Graph| {
            chosen(graph).ok().map(|it| labels(&it).into_iter().collect::<BTreeSet<_>>())
        };
        prop_assert_eq!(sorted(&graph), sorted(&other));
        Ok(())
    });
}

/// Modules `m0`, `m1` …, each with what it asks for.
fn numbered(count: usize, asks: impl Fn(usize) -> Vec<usize>) -> Catalogue {
    let name = |n: usize| format!("m{n}");
    let mut catalogue = Catalogue::default();
    for n in 0..count {
        let install =
            asks(n).into_iter().map(|n| Wanted { name: name(n), version: None }).collect();
        catalogue.add(candidate(name(n), None, install)).unwrap();
    }
    catalogue
}

fn wish(name: &str) -> Wish {
    Wish { name: name.to_owned(), version: None, by: TARGET.to_owned(), pins: false }
}

fn a_long_chain() {
    let count = 100_000;
    let catalogue = numbered(count, |n| (n + 1..count.min(n + 2)).collect());
    let installation = choose(&catalogue, &[wish("m0")], &[]).unwrap();
    let labels = labels(&installation);
    assert_eq!((labels.len(), &*labels[0], &*labels[count - 1]), (count, "m99999", "m0"));
}

fn a_long_ring() {
    let catalogue = numbered(100_000, |n| vec![(n + 1) % 100_000]);
    let error = choose(&catalogue, &[wish("m99990")], &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "modules ask for each other: m99990 → m99991 → m99992 → m99993 → m99994 → m99995 → \
         … 99988 more … → m99984 → m99985 → m99986 → m99987 → m99988 → m99989 → m99990"
    );
}

/// Ten times as many modules take about ten times as long, by the clock of this thread alone.
fn a_wide_graph() {
    let took = |count: usize| {
        let asks = |n: usize| (1..=15).map(|k| n + k * k).filter(|m| *m < count).collect();
        let catalogue = numbered(count, asks);
        let wishes: Vec<Wish> = (0..count).rev().map(|n| wish(&format!("m{n}"))).collect();
        let start = computed();
        let installation = choose(&catalogue, &wishes, &[]).unwrap();
        let took = computed() - start;
        assert_eq!(installation.modules.len(), count);
        assert!(installation.edges.len() > 13 * count);
        took
    };
    let (few, many) = (took(1000), took(10_000));
    assert!(many < few * 40, "{few:?} {many:?}");
}

/// Each version of a module asks for a version of the next that is not the highest.
fn many_versions_that_show_each_other() {
    let mut catalogue = Catalogue::default();
    for n in 0..1000 {
        for version in ["1", "2"] {
            let version = Some(version.to_owned());
            let next = Wanted { name: format!("m{}", n + 1), version: Some("1".to_owned()) };
            catalogue.add(candidate(format!("m{n}"), version, vec![next])).unwrap();
        }
    }
    catalogue.add(candidate("m1000".to_owned(), Some("1".to_owned()), vec![])).unwrap();
    let wishes: Vec<Wish> = (0..1001).map(|n| wish(&format!("m{n}"))).collect();
    let installation = choose(&catalogue, &wishes, &[]).unwrap();
    let labels = labels(&installation);
    assert_eq!((&*labels[0], &*labels[999], &*labels[1000]), ("m1000 1", "m1 1", "m0 2"));
}
