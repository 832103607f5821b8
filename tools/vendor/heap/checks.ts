/** Programs whose last expression must be the same text in a cold and in a restored interpreter. */
export const CHECKS = {
  figures: String.raw`
import hashlib, io
import numpy as np, matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
random = np.random.default_rng(3)
figure, axes = plt.subplots(2, 3, figsize=(9, 6), layout="constrained")
axes[0, 0].plot(random.random(50))
axes[0, 1].contourf(random.random((20, 20)))
axes[0, 2].hist(random.normal(size=500), 30)
axes[1, 0].imshow(random.random((8, 8)))
axes[1, 1].scatter(random.random(40), random.random(40), c=random.random(40))
axes[1, 2].bar(["ä", "b"], [1, 2])
axes[1, 2].set_title(r"$\sqrt{x^2}$")
flat, solid = io.BytesIO(), io.BytesIO()
figure.savefig(flat, format="png", metadata={"Software": None})
surface = plt.figure()
surface.add_subplot(projection="3d").plot_surface(*np.meshgrid(range(5), range(5)), random.random((5, 5)))
surface.savefig(solid, format="png", metadata={"Software": None})
plt.close("all")
str([hashlib.md5(image.getvalue()).hexdigest() for image in (flat, solid)])
`,
  tables: String.raw`
import io, pickle
import numpy as np, pandas as pd
random = np.random.default_rng(5)
count = 5000
table = pd.DataFrame({"k": random.integers(0, 50, count), "v": random.random(count),
    "t": pd.date_range("2024-01-01", periods=count, freq="h"), "s": [("abcdefghi")[i] for i in random.integers(0, 9, count)]})
str([
    table.groupby("k").v.agg(["mean", "std", "median"]).sum().round(9).tolist(),
    table.merge(table.groupby("s").v.sum().rename("total").reset_index(), on="s").total.sum().round(6),
    table.set_index("t").v.resample("D").mean().rolling(7).sum().dropna().iloc[-1].round(9),
    str(pd.to_datetime(["1 Feb 2024", "2024-03-04"], format="mixed").tolist()),
    pickle.loads(pickle.dumps(table)).equals(table),
    table.head(3).to_json(), pd.read_csv(io.StringIO(table.head(50).to_csv())).shape,
    table.pivot_table(index="s", columns=table.k % 3, values="v").sum().sum().round(9),
    np.fft.rfft(table.v.values)[3].round(6), np.linalg.svd(random.random((30, 30)))[1].sum().round(9),
    str(pd.Timestamp("2024-07-01 12:00", tz="Europe/Berlin")),
])
`,
  exceptions: String.raw`
import io
import contourpy, numpy as np
from PIL import Image
from matplotlib.ft2font import FT2Font
said = []
def attempt(action):
    try: said.append(repr(action())[:60])
    except BaseException as error: said.append(type(error).__name__ + ": " + str(error)[:70].split(" object at")[0])
attempt(lambda: contourpy.contour_generator(z=[[1]]))
attempt(lambda: contourpy.contour_generator(z=np.ones((3, 3)), x=np.ones(5)))
attempt(lambda: FT2Font("/lib/python313.zip"))
attempt(lambda: Image.open("/lib/python313.zip"))
data = io.BytesIO(); Image.new("RGB", (64, 64), (9, 8, 7)).save(data, "JPEG")
attempt(lambda: len(data.getvalue()))
attempt(lambda: Image.open(io.BytesIO(data.getvalue()[:300])).load())
attempt(lambda: np.array([1, 2]).reshape(3))
attempt(lambda: int("x"))
attempt(lambda: (lambda f: f(f))(lambda f: f(f)))
str(said)
`,
  lateImports: String.raw`
import lxml.etree, regex, sympy, networkx, openpyxl, bs4, yaml, seaborn, docx, reportlab.pdfgen.canvas, zoneinfo, datetime
try: lxml.etree.fromstring("<a>")
except lxml.etree.XMLSyntaxError as error: complaint = str(error)
x = sympy.Symbol("x")
str([complaint, regex.findall(r"\p{Lu}\w+", "Foo bar Baz"), sympy.integrate(sympy.sin(x) ** 2, x),
    bs4.BeautifulSoup("<p>a", "lxml").p.text, yaml.safe_load("a: [1, 2]"), networkx.path_graph(4).size(),
    datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Kolkata")).isoformat()])
`,
  stackSwitching: `
import asyncio
from pyodide.ffi import can_run_sync, run_sync
str([can_run_sync(), run_sync(asyncio.sleep(0.01, "slept"))])
`,
} as const;
