//! A plan for people.
//!
//! In: a [`Plan`]. Out: a text: the modules in their order, why each is there and what it adds; then
//! how a container is run.

use super::dockerfile::escape::Escape;
use super::dockerfile::instructions::last_user;
use super::dockerfile::port;
use super::dockerfile::script::Script;
use crate::assembly::{Copy, Part, Plan};
use crate::descriptor::document::Platform;
use crate::wording::{plural, tame, typed};

/// How many hexadecimal digits of a digest are shown.
const DIGITS: usize = 12;

/// What a plan holds, for people.
pub fn outline(plan: &Plan) -> String {
    let mut lines = vec![base(plan)];
    let script = plan.script.as_ref().map(|text| keyed("script", &script(text, plan.platform)));
    lines.extend(script);
    for (n, module) in plan.modules.iter().enumerate() {
        lines.push(String::new());
        lines.push(format!("{}. {}", n + 1, title(module)));
        lines.extend(part(module, plan.platform));
    }
    let target = part(&plan.target, plan.platform);
    if target.len() > plan.target.notes.len() {
        lines.extend([String::new(), title(&plan.target)]);
        lines.extend(target);
    }
    let end = end(plan);
    lines.extend((!end.is_empty()).then(String::new));
    lines.extend(end);
    lines.iter().map(|line| tame(line) + "\n").collect()
}

fn base(plan: &Plan) -> String {
    let kind = match plan.platform {
        Platform::Linux => "",
        Platform::Windows => ", for Windows",
    };
    format!("An image that begins with {}{kind}", plan.base)
}

fn title(part: &Part) -> String {
    match &part.version {
        Some(version) => format!("{} {version}", part.name),
        None => part.name.clone(),
    }
}

fn part(part: &Part, platform: Platform) -> Vec<String> {
    let mut lines: Vec<String> = part.notes.iter().map(|note| format!("   {note}")).collect();
    let mut line = |key: &str, text: String| lines.push(keyed(key, &text));
    if let Some(stage) = &part.stage {
        line("image", stage.image.clone());
    }
    if let Some(packages) = &part.packages {
        line("packages", format!("{} ({})", packages.install.join(" "), packages.manager.as_ref()));
    }
    part.envs.iter().for_each(|(name, value)| line("env", format!("{name}={value}")));
    part.labels.iter().for_each(|(name, value)| line("label", format!("{name}={value}")));
    if let Some(text) = &part.script {
        line("script", script(text, platform));
    }
    part.copies.iter().for_each(|it| line("copy", copy(it)));
    for script in part.execute.iter().flat_map(|execute| &execute.scripts) {
        line("execute", format!("{} as {}", script.path, script.user));
    }
    lines
}

fn keyed(key: &str, text: &str) -> String {
    format!("   {key:<9}{text}")
}

fn script(text: &str, platform: Platform) -> String {
    let script = Script::read(text, Escape::of(platform));
    plural(script.instructions.len(), "instruction", "instructions") + " of its author"
}

fn copy(copy: &Copy) -> String {
    let user = copy.user.clone();
    let digest = copy.sha256.map(|digest| format!("sha256 {}…", &digest.to_string()[..DIGITS]));
    let more: Vec<String> = [user, copy.mode.clone(), digest].into_iter().flatten().collect();
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
    format!("{} → {}{more}", copy.source, copy.target)
}

fn end(plan: &Plan) -> Vec<String> {
    let words =
        |words: &Vec<String>| words.iter().map(|word| typed(word)).collect::<Vec<_>>().join(" ");
    let ports: Vec<String> = plan.ports.iter().map(port).collect();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    [
        ("ports", some(ports.join(" "))),
        ("volumes", some(plan.volumes.join(" "))),
        ("user", last_user(plan)),
        ("workdir", plan.workdir.clone()),
        ("entrypoint", plan.entrypoint.as_ref().map(words)),
        ("command", plan.cmd.as_ref().map(words)),
    ]
    .into_iter()
    .filter_map(|(key, text)| Some(format!("{key:<12}{}", text?)))
    .collect()
}
