# Sourced by dev/test: runs functions step_NAME one after another, times them, and sums up.

log_folder=.build/dev-test
step_limit=1800                                                 # seconds; a step that hangs is a failure

# run_steps "ALL NAMES" [NAME...]: exit status 0 only if every step passed.
run_steps() {
  local all=$1 name; shift
  case ${1:-} in
    --list) tr ' ' '\n' <<< "$all"; exit 0 ;;
    -h | --help) sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
  esac
  for name in "$@"; do
    [[ " $all " == *" $name "* ]] || { echo "$(basename "$0"): unknown step '$name'; known: $all" >&2; exit 2; }
  done
  mkdir -p "$log_folder"
  local begun=$SECONDS failed=() summary=()
  for name in ${*:-$all}; do
    run_step "$name"
    # Without a build, whatever comes after would only repeat its errors.
    if [ "$name" = build ] && [ ${#failed[@]} -gt 0 ] && [ "${failed[-1]}" = build ]; then break; fi
  done
  echo
  printf '%s\n' "${summary[@]}"
  if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED after $((SECONDS - begun)) s: ${failed[*]}"
    exit 1
  fi
  echo "passed in $((SECONDS - begun)) s"
}

# Each step runs in a process group of its own, so that nothing of it outlives it or its limit.
run_step() {
  local name=$1 log=$log_folder/$1.log from=$SECONDS status=0 step watch line
  echo "== $name"
  set -m
  ( set +m; "step_$name" ) >"$log" 2>&1 </dev/null &
  step=$!
  ( set +m; sleep "$step_limit"; echo "no end after $step_limit s" >>"$log"; kill -- "-$step" ) >/dev/null 2>&1 &
  watch=$!
  set +m
  wait "$step" || status=$?
  kill -- "-$watch" "-$step" 2>/dev/null
  wait "$watch" 2>/dev/null
  grep '^SKIP ' "$log"
  if [ "$status" = 0 ]; then
    line=$(printf 'ok    %5d s  %s' $((SECONDS - from)) "$name")
  else
    failed+=("$name")
    line=$(printf 'FAIL  %5d s  %s' $((SECONDS - from)) "$name")
    echo "-- $name failed (status $status); the end of $log:"
    tail -n 200 "$log"
  fi
  echo "$line"
  summary+=("$line")
}
