"""Edits to the C++ of matplotlib 3.3.4 so that it serves the Python code of 3.10 and survives WebAssembly."""
SOURCES = "/w/src/matplotlib/src/"

SPLIT_BEFORE = """        int dx = x2 - x1;

        if(dx >= dx_limit"""
SPLIT_AFTER = """        long long dxl = (long long)x2 - (long long)x1;
        int dx = (int)dxl;

        if(dxl >= dx_limit"""
MIDDLE_BEFORE = """int cx = (x1 + x2) >> 1;
            int cy = (y1 + y2) >> 1;"""
MIDDLE_AFTER = """int cx = (int)(((long long)x1 + (long long)x2) >> 1);
            int cy = (int)(((long long)y1 + (long long)y2) >> 1);"""
TEXT_AFTER = """PyObject *r = PyArray_SimpleNew(2, dims, NPY_DOUBLE);
        if (r) memcpy(PyArray_DATA((PyArrayObject *)r), &xys[0], xys.size() * sizeof(double));
        return r;"""
EXTENTS_BEFORE = """    extents(1, 1) = e.y1;

    return extents.pyobj();
}

const char *Py_point_in_path_collection__doc__"""
EXTENTS_AFTER = """    extents(1, 1) = e.y1;

    npy_intp mdims[] = { 2 };
    numpy::array_view<double, 1> minpos(mdims);
    minpos(0) = e.xm;
    minpos(1) = e.ym;
    return Py_BuildValue("NN", extents.pyobj(), minpos.pyobj());
}

const char *Py_point_in_path_collection__doc__"""
CORNER_BEFORE = """        trans.transform(&tpoints[i][0], &tpoints[i][1]);
    }

    span_alloc_t"""
CORNER_AFTER = """        trans.transform(&tpoints[i][0], &tpoints[i][1]);
        if (!(tpoints[i][0] - tpoints[i][0] == 0.0 && tpoints[i][1] - tpoints[i][1] == 0.0)) return;
    }

    span_alloc_t"""
PARALLEL_BEFORE = "        if (x1 == x2 && x2 == x3) { // segments have infinite slope (vertical lines)"
PARALLEL_AFTER = """        const double cr = (y2 - y1) * (x3 - x1) - (x2 - x1) * (y3 - y1);
        if (!isclose(cr, 0.0)) return false;
        return fmin(x1, x2) <= fmax(x3, x4) && fmin(x3, x4) <= fmax(x1, x2) &&
               fmin(y1, y2) <= fmax(y3, y4) && fmin(y3, y4) <= fmax(y1, y2);
""" + PARALLEL_BEFORE

EDITS = [
    # FreeType 2.13.3 made FT_Outline.tags unsigned.
    ("ft2font.cpp", "    char *tags;", "    decltype(FT_Outline::tags) tags;"),
    # A fresh font reported random extents.
    ("ft2font.cpp", ": image(), face(NULL)\n{",
     ": image(), face(NULL)\n{\n    bbox.xMin = bbox.yMin = bbox.xMax = bbox.yMax = 0;\n    advance = 0;"),
    # set_text() gave an array that pointed into a dead local vector.
    ("ft2font_wrapper.cpp", "return PyArray_SimpleNewFromData(2, dims, NPY_DOUBLE, &xys[0]);", TEXT_AFTER),
    # The adapter in shim/ subclasses Triangulation.
    ("tri/_tri_wrapper.cpp", "tp_flags = Py_TPFLAGS_DEFAULT;", "tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;"),
    # 3.10 wants (extents, smallest positive) of get_path_collection_extents().
    ("_path_wrapper.cpp", EXTENTS_BEFORE, EXTENTS_AFTER),
    # For parallel segments 3.3 compared the wrong intercepts.
    ("_path.h", PARALLEL_BEFORE, PARALLEL_AFTER),
    # Agg splits long lines by recursion: 32 bits overflowed (WebAssembly turns NaN into the smallest integer), and the
    # split did not return, so that the recursion never ended.
    ("../extern/agg24-svn/include/agg_rasterizer_cells_aa.h", SPLIT_BEFORE, SPLIT_AFTER),
    ("../extern/agg24-svn/include/agg_rasterizer_cells_aa.h", "|| dx <= -dx_limit)", "|| dxl <= -dx_limit)"),
    ("../extern/agg24-svn/include/agg_rasterizer_cells_aa.h", MIDDLE_BEFORE, MIDDLE_AFTER),
    ("../extern/agg24-svn/include/agg_rasterizer_cells_aa.h", "line(cx, cy, x2, y2);\n        }",
     "line(cx, cy, x2, y2);\n            return;\n        }"),
    # Gouraud triangles with a corner at infinity are skipped.
    ("_backend_agg.h", CORNER_BEFORE, CORNER_AFTER),
]

for name, before, after in EDITS:
    with open(SOURCES + name) as file:
        text = file.read()
    if before not in text:
        raise SystemExit(f"matplotlib: {name} has no place for an edit: {before[:60]!r}")
    with open(SOURCES + name, "w") as file:
        file.write(text.replace(before, after))
print(f"matplotlib: {len(EDITS)} edits")
