/** Programs of root by which a machine breaks down. */

/** Its kernel panics. */
export const PANIC = 'echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger; sleep 20';
/** Whatever wants memory, of the whole machine, ends its kernel. */
export const NO_MEMORY =
  'echo 2 >/proc/sys/vm/panic_on_oom; echo $BASHPID >/sys/fs/cgroup/cgroup.procs; mkdir /full; mount -t tmpfs -o size=1G none /full; cat /dev/zero >/full/zeros';
/** The agent alone stands still; its kernel lives. */
export const FREEZE =
  'cd /sys/fs/cgroup; mkdir cold; echo 1 >cold/cgroup.procs; echo 1 >cold/cgroup.freeze; sleep 1000';
