# How the program is started: its class path and the JVM's flags. Sourced by the scripts.

# The AOT cache is taken only with the very class path that it was trained with, or with more at its end: the order is
# fixed. What only some runs need lies apart: where Java seeks a service, it reads every jar of the class path.
class_path() { # class_path HOME
  CLASS_PATH=
  add_jars "$1/lib"
  [ "${STORAGE_TYPE:-}" != s3 ] || add_jars "$1/lib/s3"
}

processor_class_path() { # processor_class_path HOME, after class_path
  [ "${CONTRACT_BUILDER_LAUNCH:-}" != kubernetes ] || add_jars "$1/lib/kubernetes"
  [ -z "${OTEL_EXPORTER_OTLP_ENDPOINT:-}${OTEL_EXPORTER_OTLP_TRACES_ENDPOINT:-}" ] || add_jars "$1/lib/tracing"
}

add_jars() { # add_jars FOLDER
  for jar in "$1"/*.jar; do CLASS_PATH=$CLASS_PATH${CLASS_PATH:+:}$jar; done
}

# BoringSSL's library may be called. Reflection goes the VM's own way: method handles, made at run time, take longer.
# Which log provider there is needs no search through all jars; X25519's keys are made faster than P-256's.
JAVA_PROPERTIES="--enable-native-access=ALL-UNNAMED
  -Dslf4j.provider=io.contractbuilder.app.LogProvider -Dslf4j.internal.verbosity=WARN
  -Djdk.reflect.useNativeAccessorOnly=true -Djdk.tls.namedGroups=x25519,secp256r1,secp384r1,secp521r1,x448"

java_flags() { # java_flags HOME [COMMAND]
  # What a crash leaves could hold secrets: no core, no crash file (it tells the environment), no heap dump, no replay
  # file of the compiler.
  ulimit -c 0 2>/dev/null || true
  # Short runs gain most from the simple collector and the simple compiler.
  # Little memory is touched before it is needed: a small young generation, no large buffers kept for sockets.
  # What a hostile registry sends to one job is bounded, and so is the garbage that it makes: 128 MB in all.
  case ${2:-} in
    job | wrap | create | update) heap=48m ;;
    *) heap=256m ;;
  esac
  JAVA_FLAGS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms10m -Xmn6m -Xmx$heap
    -Djdk.nio.maxCachedBufferSize=16384
    -XX:-HeapDumpOnOutOfMemoryError -XX:ErrorFile=/dev/null -XX:-CreateCoredumpOnCrash
    -XX:-DumpReplayDataOnError -XX:-UsePerfData $JAVA_PROPERTIES"
  # Apart from the flags, which are words: a folder's name may have a space.
  AOT_CACHE=
  trained=$1/lib/${STORAGE_TYPE:-disk}.aot
  [ "${2:-}" != wrap ] || [ ! -f "$1/lib/wrap.aot" ] || trained=$1/lib/wrap.aot
  if [ -f "$trained" ]; then
    AOT_CACHE=$trained
    # The cache has no profiles, and a thread that looks for some wakes up for each class. A later Java may not know the flag.
    JAVA_FLAGS="$JAVA_FLAGS -Xlog:aot=off -Xlog:cds=off -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining"
  fi
}

# The program takes this process's place.
run_java() { # run_java [ARGUMENT…], after class_path and java_flags
  run_class io.contractbuilder.app.Main "$@"
}

run_class() { # run_class CLASS [ARGUMENT…], likewise
  # shellcheck disable=SC2086 # the flags are words
  exec "$JAVA_HOME/bin/java" $JAVA_FLAGS ${AOT_CACHE:+"-XX:AOTCache=$AOT_CACHE"} -Dcontractbuilder.home="$home" \
    -Djava.library.path="$home/lib/native" -cp "$CLASS_PATH" "$@"
}
