//! Images for Windows.

use super::given;

#[test]
fn a_server_runs_in_the_foreground_with_paths_that_builders_take() {
    let yaml = r"
- name: a
  image: x
  artifacts: [{source: 'C:\m\a.dll', user: me, mode: '0755'}]
  command: --loadmodule C:\redis\modules\a.dll
  volumes: [{path: 'C:\data'}]
- kind: Target
  platform: windows
  baseimage: mcr/windows
  libdir: C:\redis\modules
  script: ''
  expose: null
  config: {maxmemory: 1gb}
";
    let given = given(yaml).collected();
    let lines = given.lines();
    for line in [
        r#"COPY --from=a ["C:/m/a.dll", "C:/redis/modules/"]"#,
        r#"COPY ["redis.conf", "C:/redis/redis.conf"]"#,
        r#"VOLUME ["C:/data"]"#,
        r#"CMD ["redis-server.exe", "C:/redis/redis.conf", "--loadmodule", "C:/redis/modules/a.dll"]"#,
    ] {
        assert!(lines.lines().any(|it| it == line), "{lines}");
    }
    let warned = given.warned();
    assert!(warned.contains("the owner me of C:\\m\\a.dll is left out"), "{warned}");
    assert!(warned.contains("the mode 0755 of C:\\m\\a.dll is left out"), "{warned}");
}

#[test]
fn what_windows_has_not_is_refused() {
    let yaml = "- {name: a, packages: {manager: apt-get, install: [curl]}}\n- {kind: Target, platform: \
                windows, baseimage: mcr/windows, script: ''}";
    assert!(given(yaml).refused().contains("Windows has no manager of packages"));
}
