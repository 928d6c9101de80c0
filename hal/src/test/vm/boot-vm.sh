#!/bin/sh
# Boots the virtual machine of build-vm.sh with a program and ends with it; the serial console goes to standard output.
#   boot-vm.sh VM APP     APP/run is what the machine runs, as root; the folder is /app there
set -eu
vm=$(cd "$1" && pwd) app=$(cd "$2" && pwd)
busybox=$vm/busybox
work=$(mktemp -d -p "$vm")
trap 'rm -rf "$work"' EXIT
mkdir "$work/root"
ln -s "$app" "$work/root/app"
cp "$vm/base.cpio" "$work/initrd" # a second archive after the first adds to it
(cd "$work/root" && find -L . | "$busybox" cpio -o -L -H newc 2>/dev/null) >>"$work/initrd"
# No KVM: it may open and a stock kernel hang under it. The machine's time is the count of its instructions (icount), and
# idle time passes at once: however loaded the host is, a pulse of 30 ms is one of 30 ms to the kernel in there.
QEMU_MODULE_DIR=$vm/qemu/modules timeout 900 "$vm/qemu/bin/qemu-system-x86_64" -L "$vm/qemu/firmware" \
  -M microvm,acpi=off -cpu max -accel tcg -icount shift=2,sleep=off -smp 1 -m 1024 -nographic -nodefaults -no-reboot -serial stdio \
  -kernel "$vm/vmlinux" -initrd "$work/initrd" \
  -append "console=ttyS0 quiet panic=-1 reboot=t mitigations=off nokaslr" </dev/null
