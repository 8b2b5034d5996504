#!/bin/sh
# The container's command: does the tasks that the chain pushes to its Redis, until SIGTERM.
# Builds nothing and writes nothing; the program takes this process's place, so signals reach it.
set -eu
script=$(readlink -f "$0")
here=${script%/*/*}
. "$here/lib/jdk.sh"
. "$here/lib/java.sh"
home=$here
[ ! -f "$here/pom.xml" ] || home=$here/dist
# Without a match the pattern stays as it is.
for program in "$home"/lib/contract-builder-*.jar; do :; done
if [ ! -f "$program" ]; then
  echo "The program is not built. Run $here/build." >&2
  exit 2
fi
find_jdk || exit 2
class_path "$home"
kubernetes_class_path "$home"
java_flags "$home"
# Without memory no task can be settled: another process takes them up.
JAVA_FLAGS="$JAVA_FLAGS -XX:+ExitOnOutOfMemoryError"
# shellcheck disable=SC2086 # the flags are words
exec "$JAVA_HOME/bin/java" $JAVA_FLAGS ${AOT_CACHE:+"-XX:AOTCache=$AOT_CACHE"} -Dcontractbuilder.home="$home" -cp "$CLASS_PATH" io.contractbuilder.app.Main process "$@"
