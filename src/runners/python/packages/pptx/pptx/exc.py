"""Errors of their own."""


class PythonPptxError(Exception):
    pass


class PackageNotFoundError(PythonPptxError):
    pass


class InvalidXmlError(PythonPptxError):
    pass
