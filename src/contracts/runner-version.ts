/** Version of what host and worker of a runner say to each other. Apart from its schemas, which no worker carries. */
export const RUNNER_PROTOCOL = 1;
