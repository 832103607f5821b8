const CMDLINE = 'console=hvc0 tsc=reliable mitigations=off random.trust_cpu=on quiet';

/** What the kernel is told as it boots; with a disk it moves onto it. */
export const cmdlineOf = (hasDisk: boolean): string => (hasDisk ? `${CMDLINE} root=/dev/sda` : CMDLINE);
