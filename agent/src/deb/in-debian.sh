#!/bin/sh
# The part of try-deb.sh that runs as root of a mount and process namespace of its own.
#   in-debian.sh TREE DEB NEXT_DEB WORK
set -eu
tree=$1 deb=$2 next=$3 work=$4
root=$work/debian
log=$work/dpkg.log
config=/etc/chargepile/chargepile.toml
state=/var/lib/chargepile

mkdir -p "$root"
mount -t tmpfs -o size=1500m,mode=755 chargepile-trial "$root"
tar -x -f "$tree" -C "$root" --numeric-owner --exclude='./dev/*'
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
cp "$deb" "$root/this.deb"
cp "$next" "$root/next.deb"

in_debian() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 chroot "$root" "$@"; }
as_daemon() { in_debian setpriv --reuid=chargepile --regid=chargepile --init-groups "$@"; }
step() { now=$1; }
must() { # must WHAT COMMAND...
  what=$1
  shift
  if ! "$@" >"$work/said" 2>&1; then
    echo "package, $now: $what: not so"
    tail -n 20 "$work/said"
    echo "dpkg said:"
    tail -n 20 "$log"
    exit 1
  fi
}
never() { ! "$@"; }
said() { grep -qF -- "$1" "$log"; }
apply() { # apply DPKG_ARGUMENT...: its words go to the log
  if ! in_debian dpkg --force-confdef "$@" >"$log" 2>&1 </dev/null; then
    echo "package, $now: dpkg $* failed"
    tail -n 30 "$log"
    exit 1
  fi
}
rights() { [ "$(in_debian stat -c '%a %U:%G' "$2")" = "$1" ]; }
asked() { grep -q -- "$1" "$root/run/asked"; } # of systemd
forget() { : >"$root/run/asked"; }
here() { [ -e "$root$1" ] || [ -L "$root$1" ]; }
everything() { (cd "$root" && find . -xdev \( -path ./var/lib/dpkg -o -path ./run -o -path ./proc -o -path ./dev -o -path ./tmp \) -prune -o -print | sort); }
status() { [ "$(in_debian dpkg-query --show --showformat '${db:Status-Status}' chargepile)" = "$1" ]; }

# A systemd that only notes what it is asked; "running" says that the daemon runs.
mkdir -p "$root/run/systemd/system" "$root/etc/systemd/system/multi-user.target.wants"
cat >"$root/usr/bin/systemctl" <<'SH'
#!/bin/sh
echo "$*" >>/run/asked
case $* in
*ActiveState*) if [ -e /run/running ]; then echo active; else echo inactive; fi ;;
*is-enabled*) if [ -e /etc/systemd/system/multi-user.target.wants/chargepile.service ]; then echo enabled; else echo disabled && exit 1; fi ;;
*is-active*) [ -e /run/running ] || exit 3 ;;
*" stop"* | stop*) rm -f /run/running ;;
*start*) : >/run/running ;;
esac
SH
chmod 755 "$root/usr/bin/systemctl"
forget
everything >"$work/before"

step "first installation"
must "the tree has no Java" never in_debian sh -c 'command -v java'
apply --install /this.deb
must "installed" status installed
must "nothing is left half done" [ -z "$(in_debian dpkg --audit)" ]
must "every file is as packaged" [ -z "$(in_debian dpkg --verify chargepile)" ]
must "it says what comes next" said "systemctl enable --now chargepile"
must "the daemon is not started" never asked ' start'
must "the daemon is not enabled" never here /etc/systemd/system/multi-user.target.wants/chargepile.service
must "the configuration is for its group only" rights "750 root:chargepile" /etc/chargepile
must "the state is for the daemon only" rights "700 chargepile:chargepile" $state
must "the daemon may use the GPIO chips" in_debian sh -c 'id -nG chargepile | grep -qw gpio'
for file in /usr/lib/systemd/system/chargepile.service /usr/lib/udev/rules.d/60-chargepile-gpio.rules \
  /usr/share/man/man1/chargepile.1.gz /usr/share/doc/chargepile/copyright \
  /usr/share/doc/chargepile/examples/mosquitto/chargepile.acl; do
  must "$file is there" here "$file"
done
must "the program starts" in_debian chargepile --version
must "quick starts are prepared" in_debian env CHARGEPILE_JAVA_OPTS=-XX:AOTMode=on chargepile --version
must "the shipped configuration is in order" as_daemon chargepile check-config $config
must "the demo charges" sh -c 'tail -n 1 | grep -q "\"outcome\": *\"cooperative_close\""' <<END
$(as_daemon chargepile demo --json)
END
cp "$root"/var/cache/chargepile/*.aot "$work/"

step "a pile at work"
sed -i -e 's/^id = "pile-1"/id = "pile-7"/' -e 's/^backend = "pi"/backend = "simulated"/' "$root$config"
in_debian ln -s /usr/lib/systemd/system/chargepile.service /etc/systemd/system/multi-user.target.wants/chargepile.service
# Nobody answers for the chain here, so it waits; seed and store are made before.
# No function here: of one in the background $! is only the shell around it. Each of these becomes the next.
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 chroot "$root" \
  setpriv --reuid=chargepile --regid=chargepile --init-groups \
  chargepile run --config $config >"$work/run.log" 2>&1 &
run=$!
tries=0
while ! here $state/pile.db && [ $tries -lt 300 ]; do
  sleep 0.2
  tries=$((tries + 1))
done
kill $run || cat "$work/run.log"
ended=0
wait $run || ended=$?
must "it has a seed" here $state/seed
must "it has a store" here $state/pile.db
must "it has ended as told, with $ended" [ "$ended" = 143 ]
must "its store is closed" never here $state/pile.db-wal
mkdir -p "$root/etc/chargepile/tls"
: >"$root/etc/chargepile/tls/pile-7.key"
: >"$root/run/running"
sums() { (cd "$root" && sha256sum "./$config" ./$state/*); }
sums >"$work/sums"

step "upgrade"
apply --install /next.deb
must "the new version is installed" [ "$(in_debian dpkg-query -W -f '${Version}' chargepile)" = "$(dpkg-deb -f "$next" Version)" ]
must "the daemon was stopped, then started" sh -c "grep -oE '(^| )(stop|start) ' '$root/run/asked' | tr -d ' \n' | grep -qx stopstart"
must "the daemon runs" here /run/running
must "configuration and state are unchanged" [ "$(sums)" = "$(cat "$work/sums")" ]
must "quick starts are prepared" in_debian env CHARGEPILE_JAVA_OPTS=-XX:AOTMode=on chargepile --version

step "upgrade with a wrong configuration"
forget
sed -i 's/^id = "pile-7"/id = "no good"/' "$root$config"
apply --install /next.deb
must "the daemon stays stopped" never here /run/running
must "it says where the configuration is wrong" said "$config:"
must "it says what to do" said "systemctl start chargepile"
sed -i 's/^id = "no good"/id = "pile-7"/' "$root$config"
: >"$root/run/running"

step "upgrade of a daemon that was stopped by hand"
rm "$root/run/running"
apply --install /this.deb
must "it stays stopped" never here /run/running
: >"$root/run/running"

step "removal"
forget
apply --remove chargepile
must "the daemon was stopped" never here /run/running
must "no word is left to start it" never here /run/chargepile.was-running
must "configuration and state are unchanged" [ "$(sums)" = "$(cat "$work/sums")" ]
must "it says that nobody watches the channels" said "nobody watches the channels"
must "the program is gone" never here /usr/lib/chargepile
must "the command is gone" never here /usr/bin/chargepile
must "the cache is gone" never here /var/cache/chargepile

step "purge with money"
apply --purge chargepile
must "the seed is still there" [ "$(cd "$root" && sha256sum ./$state/*)" = "$(grep "$state" "$work/sums")" ]
must "it says so, and what to do" said "rm -r $state"
must "it names what it keeps" said "$state/seed"
must "the configuration is gone" never here $config
must "somebody's keys are not" here /etc/chargepile/tls/pile-7.key
must "no link of the service is left" never here /etc/systemd/system/multi-user.target.wants/chargepile.service

step "purge without money"
rm -rf "${root:?}$state" "$root/etc/chargepile"
mkdir "$root/var/cache/chargepile"
cp -p "$work"/*.aot "$root/var/cache/chargepile/" # so that it need not be made again
apply --install /this.deb
must "a cache that fits is kept" never said "Preparing quick starts"
apply --purge chargepile
everything >"$work/after"
# The user and the groups stay, as always in Debian: an id that was given away would own the files of the one before.
passing='/etc/(passwd|group|shadow|gshadow)-?$|/etc/\.pwd\.lock$|/var/log/dpkg\.log$|/etc/systemd/system/multi-user\.target\.wants$'
left=$(diff "$work/before" "$work/after" | grep '^[<>]' | grep -vE "$passing" || true)
must "nothing else is left: $left" [ -z "$left" ]
