import type { Scene } from './scene.ts';

const code = `from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

path = Path("/mnt/data/sales.csv")
if not path.exists():
    path.write_text("""month,region,product,units,revenue
2026-01,North,Coffee,420,5040
2026-01,South,Coffee,310,3720
2026-01,West,Tea,185,1665
2026-02,North,Tea,240,2160
2026-02,South,Coffee,365,4380
2026-02,West,Coffee,298,3576
2026-03,North,Coffee,455,5460
2026-03,South,Tea,205,1845
2026-03,West,Coffee,341,4092
2026-04,North,Tea,262,2358
2026-04,South,Coffee,398,4776
2026-04,West,Tea,214,1926
""")

sales = pd.read_csv(path)
by_region = sales.groupby("region")[["units", "revenue"]].sum().sort_values("revenue", ascending=False)
print(f"{len(sales)} rows, {sales['revenue'].sum():,} EUR in all")
display(by_region)

fig, ax = plt.subplots(figsize=(6.4, 3.6))
by_region["revenue"].plot.bar(ax=ax, color="#10a37f", rot=0)
ax.set_title("Revenue by region, January to April 2026")
ax.set_xlabel("")
ax.set_ylabel("Revenue (EUR)")
fig.tight_layout()
plt.show()
`;

/** The scene that `npm start` plays: a CSV, a table, one figure. */
export const chart: Scene = {
  name: 'chart',
  prompt: 'Plot the revenue in sales.csv by region.',
  title: 'Revenue by region',
  isShown: true,
  steps: [
    { kind: 'text', channel: 'commentary', text: 'I’ll read the file, add up the regions and draw a bar chart.' },
    {
      kind: 'call',
      code,
      form: 'appended',
      result: {
        text: '12 rows, 40,998 EUR in all\n        units  revenue\nregion\nNorth    1377    15018\nSouth    1278    14721\nWest     1038    11259',
        delayMs: 900,
        hasImage: true,
      },
    },
    {
      kind: 'text',
      channel: 'final',
      text: `**North leads**, with South close behind:

| Region | Units | Revenue |
| --- | ---: | ---: |
| North | 1,377 | €15,018 |
| South | 1,278 | €14,721 |
| West | 1,038 | €11,259 |

North and South differ by only €297 over the four months, so I would not read much into their order. West sells a larger share of tea, which has the lower price. To look at it by product instead, change one line:

\`\`\`python
by_product = sales.groupby("product")[["units", "revenue"]].sum()
\`\`\`

Shall I split the bars by product as well?`,
    },
  ],
};
