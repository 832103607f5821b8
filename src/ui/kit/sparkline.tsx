interface SparklineProps {
  /** Oldest first, 0 to 1. */
  readonly shares: readonly number[];
  /** What it shows, with its last value, for those who do not see it. */
  readonly label: string;
}

const WIDTH = 60;
const HEIGHT = 16;

/** A line of the last values; drawn from left to right, the newest at the right edge. */
export function Sparkline({ shares, label }: SparklineProps) {
  const step = WIDTH / Math.max(1, shares.length - 1);
  const points = shares.map(
    (share, at) => `${(at * step).toFixed(1)},${(HEIGHT - 1 - share * (HEIGHT - 2)).toFixed(1)}`,
  );
  return (
    <svg
      class="sparkline"
      data-part="meter"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
    >
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
}
