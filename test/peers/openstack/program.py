"""program.py NAME MODULE FUNCTION [option]...: a console program of OpenStack, whose own script names another folder."""

import importlib
import sys

_, NAME, MODULE, FUNCTION, *REST = sys.argv
sys.argv = [NAME, *REST]

if __name__ == "__main__":
    sys.exit(getattr(importlib.import_module(MODULE), FUNCTION)())
