#!/bin/sh
# Checks or applies google-java-format to every Java source of the project, with the build's own JDK.
#   format.sh check|apply JAR
set -eu
mode=$1 jar=$2
java=${TOOLCHAIN_JAVA_HOME:-${JAVA_HOME:?"names no JDK; run this script through Maven"}}/bin/java
cd "$(dirname "$0")/.."
format() { find hal/src agent/src -name '*.java' -print0 | xargs -0 -r "$java" -XX:TieredStopAtLevel=1 -jar "$jar" "$@"; }

case $mode in
apply) format --replace ;;
check)
  if unformatted=$(format --dry-run); then
    [ -n "$unformatted" ] || exit 0
    printf 'Not formatted:\n%s\nTo format them: mvn -N -Pformat validate\n' "$unformatted" >&2
  fi
  exit 1 # here too when a file does not parse: the formatter has said where
  ;;
esac
