# How a container's entry script runs the program: it builds nothing and writes nothing, and the program takes this
# process's place, so signals reach it. Sourced with `here` set to the folder that holds lib.
. "$here/lib/jdk.sh"
. "$here/lib/java.sh"

run_entry() { # run_entry COMMAND [ARGUMENT…]
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
  [ "$1" != process ] || processor_class_path "$home"
  java_flags "$home" "$1"
  # Without memory no task can be settled: another process takes them up.
  [ "$1" != process ] || JAVA_FLAGS="$JAVA_FLAGS -XX:+ExitOnOutOfMemoryError"
  run_java "$@"
}
