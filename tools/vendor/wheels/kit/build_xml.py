"""lxml with libxml2, libxslt and libexslt linked in; its C comes from Debian's Cython."""
import os
import re
import subprocess

from compiler import compile_sources, link_module

XML = "/w/src/libxml2"
XSLT = "/w/src/libxslt"
LXML = "/w/src/lxml"
CONFIG = "/w/objects/xml-config"
LXML_VERSION = "6.1.3"

# No threads, network, compression or loadable modules in the box.
XML_OFF = {
    "WITH_THREADS", "WITH_THREAD_ALLOC", "WITH_FTP", "WITH_HTTP", "WITH_ICU", "WITH_LZMA", "WITH_ZLIB", "WITH_MODULES",
    "WITH_DEBUG", "WITH_MEM_DEBUG", "WITH_RUN_DEBUG", "WITH_TRIO", "WITH_DOCB", "WITH_XPTR_LOCS",
}
XSLT_OFF = {"WITH_TRIO", "WITH_MODULES", "WITH_CRYPTO", "WITH_XSLT_DEBUG", "WITH_MEM_DEBUG", "WITH_DEBUGGER"}
HAVE = """ARPA_INET_H CTYPE_H ERRNO_H FCNTL_H FLOAT_H INTTYPES_H LIMITS_H MATH_H STDARG_H STDINT_H STDLIB_H STRING_H SYS_STAT_H
    SYS_TIME_H SYS_TYPES_H TIME_H UNISTD_H MALLOC_H SNPRINTF VSNPRINTF SPRINTF VSPRINTF VFPRINTF FPRINTF PRINTF SSCANF STAT
    STRFTIME STRDUP STRCHR STRRCHR STRSTR STRERROR TIME LOCALTIME GETTIMEOFDAY ISNAN ISINF VA_COPY FLOOR FABS POW FMOD
    LOCALE_H GMTIME_R RAND_R MKTIME ASCTIME""".split()
XML_SOURCES = """SAX entities encoding error parserInternals parser tree hash list xmlIO xmlmemory uri valid xlink HTMLparser
    HTMLtree debugXML xpath xpointer xinclude nanohttp nanoftp catalog globals threads c14n xmlstring buf xmlregexp xmlschemas
    xmlschemastypes xmlunicode xmlreader relaxng dict SAX2 xmlwriter legacy chvalid pattern xmlsave xmlmodule schematron
    xzlib""".split()
XSLT_SOURCES = """attrvt xslt xsltlocale xsltutils pattern templates variables keys numbers extensions extra functions
    namespaces imports attributes documents preproc transform security""".split()
EXSLT_SOURCES = "exslt common crypto math sets functions strings date saxon dynamic".split()


def modules():
    includes = ["-I" + CONFIG, f"-I{XML}/include", "-DLIBXML_STATIC", "-DHAVE_CONFIG_H"]
    _configure()
    xml = compile_sources("xml2", [f"{XML}/{name}.c" for name in XML_SOURCES], includes)
    xslt_flags = [*includes, f"-I{XSLT}", "-DLIBXSLT_STATIC", "-DLIBEXSLT_STATIC"]
    xslt_sources = [f"{XSLT}/libxslt/{name}.c" for name in XSLT_SOURCES] + [f"{XSLT}/libexslt/{name}.c" for name in EXSLT_SOURCES]
    xslt = compile_sources("xslt", xslt_sources, xslt_flags)

    with open(f"{LXML}/src/lxml/includes/lxml-version.h", "w") as file:
        file.write(f'#ifndef LXML_VERSION_STRING\n#define LXML_VERSION_STRING "{LXML_VERSION}"\n#endif\n')
    lxml = f"{LXML}/src"
    flags = [*xslt_flags, f"-I{lxml}", f"-I{lxml}/lxml/includes", f"-I{lxml}/lxml", "-DCYTHON_CLINE_IN_TRACEBACK=0"]
    for name in ("etree", "objectify"):
        subprocess.run(
            ["cython3", "-3", "-I", "lxml/includes", f"lxml/{name}.pyx", "-o", f"lxml/{name}.c"],
            cwd=lxml, check=True, capture_output=True, env={"PATH": "/usr/bin", "LC_ALL": "C.UTF-8"},
        )
        link_module(f"lxml/{name}", [*compile_sources(f"lxml_{name}", [f"{lxml}/lxml/{name}.c"], flags), *xml, *xslt])


def _configure():
    """Headers that the configure scripts would write."""
    for name in ("libxml", "libxslt", "libexslt"):
        os.makedirs(f"{CONFIG}/{name}", exist_ok=True)
    known = {"VERSION": "2.9.14", "LIBXML_VERSION_NUMBER": "20914", "LIBXML_VERSION_EXTRA": "", "MODULE_EXTENSION": ".so"}
    _fill(f"{XML}/include/libxml/xmlversion.h", f"{CONFIG}/libxml/xmlversion.h", known, XML_OFF)
    xslt = {
        "VERSION": "1.1.35", "LIBXSLT_VERSION_NUMBER": "10135", "LIBEXSLT_VERSION_NUMBER": "820", "LIBXSLT_VERSION_EXTRA": "",
        "LIBEXSLT_VERSION_EXTRA": "", "LIBEXSLT_VERSION": "0.8.20",
    }
    _fill(f"{XSLT}/libxslt/xsltconfig.h", f"{CONFIG}/libxslt/xsltconfig.h", xslt, XSLT_OFF)
    _fill(f"{XSLT}/libexslt/exsltconfig.h", f"{CONFIG}/libexslt/exsltconfig.h", xslt, XSLT_OFF)
    with open(f"{CONFIG}/config.h", "w") as file:
        file.writelines(f"#define HAVE_{name} 1\n" for name in HAVE)
        file.write("#define ICONV_CONST\n#define XML_SOCKLEN_T socklen_t\n#define PACKAGE \"libxml2\"\n#define VERSION \"2.9.14\"\n")
        file.write("#define SEND_ARG2_CAST\n#define GETHOSTBYNAME_ARG_CAST\n#define VA_LIST_IS_ARRAY_NO 1\n")


def _fill(source, target, known, off):
    with open(f"{source}.in") as file:
        text = file.read()
    with open(target, "w") as file:
        file.write(re.sub(r"@(\w+)@", lambda match: known.get(match[1], "0" if match[1] in off else "1"), text))
