"""
PowerPoint files by the interface of python-pptx, which is in none of the places that this build takes packages from: slides, text,
pictures, tables, charts and notes. What python-pptx has beyond is not here.
"""

from .presentation import Presentation

__version__ = "1.0.2"
__all__ = ["Presentation"]
