//! What of a server's log helps a person whose module does not load.
//!
//! In: the text that a server wrote from some moment on. Out: a few lines, without process ids and
//! times, and of a crash report only what comes before its stack trace and the module's own frames.

/// More lines than this help nobody; the last ones are kept.
const MOST_LINES: usize = 20;

/// The lines of `log` about the module whose file is called `module`.
pub(super) fn excerpt(log: &str, module: &str) -> Vec<String> {
    let mut part = Part::Log;
    let useful = log.lines().map(str::trim_end).filter(|line| {
        part = part.after(line);
        let said = message(line).trim();
        !said.is_empty() && !said.starts_with("===") && part.keeps(line, module)
    });
    let mut lines: Vec<String> = useful.map(|line| message(line).to_owned()).collect();
    lines.dedup();
    lines[lines.len().saturating_sub(MOST_LINES)..].to_vec()
}

/// The parts of what a crashing server writes, in their order.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Log,
    Trace,
    Registers,
}

impl Part {
    fn after(self, line: &str) -> Self {
        match message(line) {
            heading if heading.starts_with("------ STACK TRACE") => Self::Trace,
            heading if self == Self::Trace && heading.starts_with("------ ") => Self::Registers,
            _ => self,
        }
    }

    fn keeps(self, line: &str, module: &str) -> bool {
        match self {
            Self::Log => true,
            Self::Trace => line.contains(module),
            Self::Registers => false,
        }
    }
}

/// A line without `1234:M 21 Nov 2025 08:53:11.123 # `, where it begins so.
fn message(line: &str) -> &str {
    let mut words = line.splitn(7, ' ');
    let prefix: Option<[&str; 6]> =
        std::array::from_fn(|_| words.next().unwrap_or_default()).into();
    match (prefix, words.next()) {
        (Some([process, day, _, year, time, level]), Some(rest))
            if process.contains(':')
                && [day, year].iter().all(|word| word.parse::<u16>().is_ok())
                && time.matches(':').count() == 2
                && level.len() == 1 =>
        {
            rest
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn a_log_without_its_prefixes() {
        let log = "7:M 21 Nov 2025 08:53:11.123 # <m> no such file\nstray output\n\n";
        assert_eq!(excerpt(log, "m.so"), ["<m> no such file", "stray output"]);
    }

    #[test]
    fn a_crash_report_without_its_registers() {
        let log = "\n\n=== REDIS BUG REPORT START: Cut & paste starting from here ===\n\
            7:M 21 Nov 2025 08:53:11.123 # Redis 7.0.15 crashed by signal: 11, si_code: 1\n\
            \n------ STACK TRACE ------\nEIP:\n/tmp/m.so(RedisModule_OnLoad+0x8)[0x7f]\n\
            Backtrace:\n/usr/bin/redis-server(main+0x1)[0x5]\n\
            \n------ REGISTERS ------\n7:M 21 Nov 2025 08:53:11.123 # RAX:00 m.so\n";
        let kept = [
            "Redis 7.0.15 crashed by signal: 11, si_code: 1",
            "/tmp/m.so(RedisModule_OnLoad+0x8)[0x7f]",
        ];
        assert_eq!(excerpt(log, "m.so"), kept);
    }

    #[test]
    fn the_end_of_a_long_log() {
        let log: String = (0..50).map(|i| format!("{i}\n")).collect();
        let kept = excerpt(&log, "m.so");
        assert_eq!((kept.len(), kept.last().map(String::as_str)), (20, Some("49")));
    }
}
