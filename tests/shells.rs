//! `rampkit completions` and `rampkit man`: shells complete, pages can be read, nothing hidden shows.

use libtest_mimic::Trial;
use snapbox::str;

use crate::harness::{Peer, Sandbox};
use crate::readme::{options, verbs};
use crate::test;

pub fn all() -> Vec<Trial> {
    vec![
        test!(every_shell_has_every_verb_and_no_other),
        test!(bash_completes, Bash),
        test!(zsh_completes, Zsh),
        test!(fish_completes, Fish),
        test!(another_shell),
        test!(the_manual_is_printed_and_written),
        test!(the_manual_can_be_read, Mandoc),
    ]
}

fn every_shell_has_every_verb_and_no_other() {
    let sandbox = Sandbox::new();
    let verbs = verbs(&sandbox);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = sandbox.ok(&format!("rampkit completions {shell}"));
        assert!(verbs.iter().all(|verb| script.contains(verb.as_str())), "{shell}");
        for hidden in ["supervise", "guard", "__host"] {
            assert!(!script.contains(hidden), "{shell} has {hidden}");
        }
    }
}

const FILE: &[&str] = &["hello.so"];

/// What a shell offers for a line that was begun.
const LINES: [(&str, &[&str], &[&str]); 5] = [
    ("rampkit insp", &["inspect"], &["init", "--quiet"]),
    ("rampkit pack --embed", &["--embed-deps"], &["--dep", "--level"]),
    ("rampkit commands --discovery em", &["embedded"], &["auto", "server"]),
    ("rampkit schema ", &["ramp.yml", "module.yaml", "rampkit.yaml"], &["pack"]),
    ("rampkit commands he", FILE, &["--help"]),
];

fn completes(sandbox: &Sandbox, offers: impl Fn(&str) -> String) {
    sandbox.write("hello.so", "");
    for (line, there, absent) in LINES {
        let offered = offers(line);
        let words: Vec<&str> = offered.split_whitespace().collect();
        assert!(there.iter().all(|word| words.contains(word)), "{line}: {offered}");
        assert!(!absent.iter().any(|word| words.contains(word)), "{line}: {offered}");
    }
}

fn bash_completes() {
    let sandbox = Sandbox::new();
    sandbox.ok("rampkit completions bash >rampkit.bash");
    // What bash does when Tab is pressed.
    sandbox.write(
        "tab.bash",
        "source ./rampkit.bash\n\
         read -ra COMP_WORDS <<<\"$1\"\n\
         [[ $1 == *' ' ]] && COMP_WORDS+=('')\n\
         COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n\
         how=($(complete -p rampkit))\n\
         _rampkit rampkit \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\" 2>/dev/null\n\
         # Where nothing is offered, bash offers files itself, if it may.\n\
         [[ ${#COMPREPLY[@]} == 0 && \" ${how[*]} \" == *' -o default '* ]] && \
         COMPREPLY=($(compgen -f \"${COMP_WORDS[COMP_CWORD]}\"))\n\
         printf '%s\\n' \"${COMPREPLY[@]}\"\n",
    );
    completes(&sandbox, |line| sandbox.ok(&format!("bash tab.bash '{line}'")));
}

fn fish_completes() {
    let sandbox = Sandbox::new();
    sandbox.ok("rampkit completions fish >rampkit.fish");
    completes(&sandbox, |line| {
        sandbox.ok(&format!("fish --no-config -c 'source rampkit.fish; complete -C \"{line}\"'"))
    });
}

/// zsh completes on terminals only: it gets one.
fn zsh_completes() {
    let sandbox = Sandbox::new();
    sandbox.ok("rampkit completions zsh >_rampkit");
    sandbox.write(
        "tab.zsh",
        r#"zmodload zsh/zpty
zpty shell 'PS1= zsh -f -i'
zpty -w shell 'stty -echo cols 200; fpath=($PWD $fpath); autoload -Uz compinit; compinit -D -u'
zpty -w shell 'zstyle ":completion:*" verbose no; LISTMAX=1000; bindkey "^I" list-choices'
# Tab is a key where a line is edited, and before that a character.
zpty -w shell 'zle-line-init() { print -n REA\DY }; zle -N zle-line-init'
zpty -r -m shell text '*READY*' || exit 1
zpty -w -n shell "$1"$'\t'
zpty -w -n shell $'\C-u print E''ND\n'
zpty -r -m shell text '*END*'
print -r -- "$text"
"#,
    );
    completes(&sandbox, |line| sandbox.ok(&format!("zsh -f tab.zsh '{line}'")));
}

fn another_shell() {
    Sandbox::new().sh("rampkit completions tcsh").fails(
        2,
        str![[r#"
error: invalid value 'tcsh' for '<SHELL>'
  [possible values: bash, elvish, fish, powershell, zsh]

  tip: a similar value exists: 'zsh'

For more information, try '--help'.

"#]],
    );
}

fn the_manual_is_printed_and_written() {
    let sandbox = Sandbox::new();
    let names: Vec<String> =
        verbs(&sandbox).iter().map(|verb| format!("share/man1/rampkit-{verb}.1")).collect();
    sandbox
        .sh("rampkit man share/man1")
        .prints(format!("share/man1/rampkit.1\n{}\n", names.join("\n")), "");
    assert_eq!(sandbox.list("share/man1").len(), names.len() + 1);
    let page = sandbox.read("share/man1/rampkit.1");
    assert_eq!(sandbox.ok("rampkit man"), page.trim_end());
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        page.contains(&format!(".TH rampkit 1 \"\" \"rampkit {version}\" rampkit\n")),
        "{page}"
    );
    assert!(!page.contains("supervise"), "{page}");
    sandbox.write("file", "");
    sandbox.sh("rampkit man file").fails(
        3,
        str![[r#"
error: cannot make file
caused by: File exists (os error 17)

"#]],
    );
}

fn the_manual_can_be_read() {
    let sandbox = Sandbox::new();
    sandbox.ok("rampkit man man1");
    let mandoc = Peer::Mandoc.found();
    let lint = format!("'{}' -Tlint -W error man1/*.1", mandoc.display());
    assert_eq!(sandbox.ok(&lint), "");
    for verb in verbs(&sandbox) {
        let read = format!("'{}' -Tutf8 -O width=90 man1/rampkit-{verb}.1", mandoc.display());
        let page = sandbox.ok(&format!("{read} | sed 's/.\\x08//g'"));
        let help = sandbox.ok(&format!("rampkit {verb} --help"));
        assert!(page.contains(&format!("rampkit-{verb}(1)")), "{page}");
        for option in options(&help) {
            assert!(page.contains(option), "{verb} {option}: {page}");
        }
    }
}
