"""`sys.maxsize` as on 64 bits, in a program's own lines.

Libraries keep the real one: they ask it how wide an address is. So does what a program hands to a function of C as a size, which
would not fit.
"""

import ast

_NAME = "maxsize"
#: The largest of 64 bits.
_LARGEST = 2**63 - 1
#: What counts or measures in C, by the last part of its name.
_MEASURING = frozenset("islice deque split rsplit replace sub subn repeat read readline readlines field_size_limit".split())


class _Widening(ast.NodeTransformer):
    def __init__(self, names):
        self._names = names

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        if name not in _MEASURING:
            return self.generic_visit(node)
        node.func = self.visit(node.func)
        node.args = [each if self._is_it(each) else self.visit(each) for each in node.args]
        for keyword in node.keywords:
            if not self._is_it(keyword.value):
                keyword.value = self.visit(keyword.value)
        return node

    def visit_Attribute(self, node):
        return self._wide(node) if self._is_it(node) else self.generic_visit(node)

    def visit_Name(self, node):
        return self._wide(node) if self._is_it(node) else node

    def _is_it(self, node):
        if not isinstance(getattr(node, "ctx", None), ast.Load):
            return False
        if isinstance(node, ast.Attribute):
            return node.attr == _NAME and isinstance(node.value, ast.Name) and node.value.id == "sys"
        return isinstance(node, ast.Name) and node.id in self._names

    def _wide(self, node):
        return ast.copy_location(ast.Constant(_LARGEST), node)


def widen(tree, text):
    """The tree of a program with the number in the place of each use; the tree itself where there is none."""
    if _NAME not in text:
        return tree
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "sys"
        for alias in node.names
        if alias.name == _NAME
    }
    return _Widening(names).visit(tree)
