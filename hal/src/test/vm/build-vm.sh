#!/bin/sh
# A virtual machine with a real GPIO character device for the tests tagged "hardware": Debian 12's kernel, its gpio-sim
# module (Debian ships the source and leaves the module out), BusyBox and a small Java runtime as initramfs, and QEMU.
# No root, nothing installed, no KVM: all is unpacked from Debian packages beside each other.
#   build-vm.sh VM JDK     leaves VM/qemu, VM/vmlinux and VM/base.cpio
# Does nothing where these are there already. What is lacking is said in one line, and it succeeds: the tests are skipped.
set -eu
vm=$1 jdk=$2
here=$(cd "$(dirname "$0")" && pwd)
from="$(cat "$0" "$here/init" "$jdk/release" | cksum)"
if [ "$(cat "$vm/made-from" 2>/dev/null)" = "$from" ]; then exit 0; fi

PEER="GPIO virtual machine"
. "$here/../../../../agent/src/peers/debian-packages.sh"
[ "$(uname -m)" = x86_64 ] || not_fetched "it needs an x86-64 machine, this is $(uname -m)"
for tool in gcc make xz ldd strip; do command -v $tool >/dev/null || not_fetched "this machine has no $tool"; done
rm -rf "$vm"
mkdir -p "$vm"
vm=$(cd "$vm" && pwd)
case $vm in *[[:space:]]*) not_fetched "the kernel's makefiles cannot work in a path with blanks: $vm" ;; esac

# --- packages: the kernel's release is that of the gpio-sim source, whatever this machine runs
apt_begin "$vm/.apt"
apt_suites bookworm
apt_download qemu-system-x86 qemu-system-common qemu-system-data seabios zlib1g busybox-static
kernel=$(apt-cache show --no-all-versions linux-image-amd64 | sed -n 's/^Depends: linux-image-\([^ ,]*\).*/\1/p')
kernel_packages="linux-image-$kernel linux-headers-$kernel linux-headers-${kernel%-amd64}-common linux-kbuild-6.1 linux-source-6.1"
mkdir "$APT/kernel"
(cd "$APT/kernel" && timeout 240 apt-get -qq download $kernel_packages >>"$APT/log" 2>&1) ||
  not_fetched "$(grep -m 1 '^E:' "$APT/log" || echo "no kernel packages $kernel_packages")"

# --- sources, in the background: unpacking 130 MB of xz takes longest
sources=linux-source-6.1
(
  dpkg-deb --fsys-tarfile "$APT/kernel/linux-source-6.1"_*.deb | tar -xO "./usr/src/$sources.tar.xz" |
    xz -dcT2 2>/dev/null | tar -xC "$APT" --occurrence=1 \
    $sources/drivers/gpio/gpio-sim.c $sources/drivers/gpio/gpiolib.h $sources/kernel/irq/irq_sim.c
) >"$APT/sources.log" 2>&1 &
unpacking=$!

# --- QEMU, with its libraries and loader
apt_unpack "$vm/qemu"
cp -rL "$APT/root/usr/share/qemu" "$vm/qemu/firmware"
cp -L "$APT/root/usr/share/seabios"/* "$vm/qemu/firmware/"
mkdir "$vm/qemu/modules"
cp "$APT"/root/usr/lib/*/qemu/accel-*.so "$vm/qemu/modules/"
find "$vm/qemu/programs" -type f ! -name qemu-system-x86_64 -delete
wrapper "$vm/qemu" qemu-system-x86_64
"$vm/qemu/bin/qemu-system-x86_64" --version >"$APT/version" 2>&1 ||
  not_fetched "the unpacked QEMU does not start here: $(head -n 1 "$APT/version")"

# --- the root file system: BusyBox, Java, the libraries that this machine runs Java with
root=$APT/initramfs
mkdir -p "$root/bin" "$root/etc" "$root/app" "$root/lib64" "$root/modules"
cp "$APT/root/bin/busybox" "$root/bin/busybox"
cp "$APT/root/bin/busybox" "$vm/busybox"
cp "$here/init" "$root/init"
chmod 755 "$root/init"
"$jdk/bin/jlink" --add-modules java.base --strip-debug --no-man-pages --no-header-files --output "$root/java" \
  >"$APT/jlink.log" 2>&1 || not_fetched "jlink failed: $(head -n 1 "$APT/jlink.log")"
"$root/java/bin/java" -XX:+UseSerialGC -Xshare:dump >"$APT/cds.log" 2>&1 || not_fetched "no class archive: $(tail -n 1 "$APT/cds.log")"
for library in $(find "$root/java" -name '*.so' -o -path '*/bin/java' | xargs ldd 2>/dev/null | grep -oE '/[^ ]*\.so[^ ]*' | grep -v "^$root" | sort -u); do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done

# --- the module, against the headers; gcc and the kernel's folders go by what is here
for deb in "$APT"/kernel/linux-headers* "$APT"/kernel/linux-kbuild*; do dpkg-deb --extract "$deb" "$APT/kernel/root"; done
configfs=./lib/modules/$kernel/kernel/fs/configfs/configfs.ko
dpkg-deb --fsys-tarfile "$APT/kernel/linux-image-$kernel"_*.deb | tar -xC "$APT/kernel/root" "./boot/vmlinuz-$kernel" "$configfs"
headers=$APT/kernel/root/usr/src/linux-headers-$kernel
sed -i "s#/usr/src/#$APT/kernel/root/usr/src/#" "$headers/Makefile"
module=$APT/module
mkdir "$module" "$APT/objtool"
cp -P "$vm"/qemu/lib/libelf* "$vm"/qemu/lib/libz.so* "$APT/objtool/" # what objtool needs and a machine may lack
wait $unpacking || [ -s "$APT/$sources/kernel/irq/irq_sim.c" ] || not_fetched "no gpio-sim source: $(tail -n 1 "$APT/sources.log")"
cp "$APT/$sources/drivers/gpio/gpio-sim.c" "$module/gpio-sim-main.c"
cp "$APT/$sources/drivers/gpio/gpiolib.h" "$module/"
# CONFIG_IRQ_SIM is off too: its one file is linked in, without exports and with what modules may call.
sed -e '/EXPORT_SYMBOL/d' -e 's/irq_to_desc(irqnum)/irq_data_to_desc(irq_get_irq_data(irqnum))/' \
  "$APT/$sources/kernel/irq/irq_sim.c" >"$module/irq_sim.c"
printf 'obj-m := gpio-sim.o\ngpio-sim-y := gpio-sim-main.o irq_sim.o\n' >"$module/Kbuild"
LD_LIBRARY_PATH=$APT/objtool make -s -C "$headers" M="$module" CC=gcc modules >"$APT/make.log" 2>&1 ||
  not_fetched "gpio-sim does not build here: $(grep -m 1 -E 'error|Error' "$APT/make.log")"
strip --strip-debug "$module/gpio-sim.ko"
cp "$module/gpio-sim.ko" "$APT/kernel/root/$configfs" "$root/modules/"
# Decompressed here: under emulation that takes as long as all the rest of the boot.
packed=$APT/kernel/root/boot/vmlinuz-$kernel
for at in $(LC_ALL=C grep -aobP '\xFD7zXZ\x00' "$packed" | cut -d: -f1); do
  tail -c "+$((at + 1))" "$packed" | xz -dc >"$vm/vmlinux" 2>/dev/null || true
  if [ -s "$vm/vmlinux" ]; then break; fi
done
[ -s "$vm/vmlinux" ] || not_fetched "the kernel is packed in an unknown way: $packed"

(cd "$root" && find . | "$root/bin/busybox" cpio -o -H newc >"$vm/base.cpio" 2>"$APT/cpio.log")
printf '%s\n' "$from" >"$vm/made-from"
echo "GPIO virtual machine with Linux $kernel built in $vm"
