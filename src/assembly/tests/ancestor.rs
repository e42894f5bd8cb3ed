//! The plain cases of the ancestor of such files.

use super::given;

const MODULES: &str = r#"
- kind: Module
  name: redisgraph
  image: redislabs/redisgraph:edge
  artifacts:
    - source: "/usr/lib/redis/modules/redisgraph.so"
  script: |
    RUN set -ex;\
        apt-get update;\
        apt-get install -y --no-install-recommends libgomp1;
  command: [ "--loadmodule", "/opt/redislabs/lib/modules/redisgraph.so" ]
- kind: Module
  name: redisgears
  image: redislabs/redisgears:latest
  artifacts:
    - source: "$REDIS_MODULES/redisgears.so"
    - source: "$REDIS_MODULES/python3"
      target: "$REDIS_MODULES/python3"
  command: [ "--loadmodule", "/opt/redislabs/lib/modules/redisgears.so", "PythonHomeDir", "/opt/redislabs/lib/modules/python3" ]
"#;

#[test]
fn its_modules_give_its_instructions() {
    let given = given(MODULES);
    assert_eq!(given.warned(), "");
    let expected = r#"FROM redislabs/redisgraph:edge AS redisgraph
FROM redislabs/redisgears:latest AS redisgears
FROM redis:latest
ENV REDIS_MODULES /opt/redislabs/lib/modules
RUN mkdir -p $REDIS_MODULES/
WORKDIR /data
RUN set -ex;apt-get update;apt-get install -y --no-install-recommends libgomp1;
COPY --from=redisgraph ["/usr/lib/redis/modules/redisgraph.so", "$REDIS_MODULES/"]
COPY --from=redisgears ["$REDIS_MODULES/redisgears.so", "$REDIS_MODULES/"]
COPY --from=redisgears ["$REDIS_MODULES/python3", "$REDIS_MODULES/python3"]
EXPOSE 6379/tcp
CMD ["--loadmodule", "/opt/redislabs/lib/modules/redisgraph.so", "--loadmodule", "/opt/redislabs/lib/modules/redisgears.so", "PythonHomeDir", "/opt/redislabs/lib/modules/python3"]"#;
    assert_eq!(given.lines(), expected);
}
