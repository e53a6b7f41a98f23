"""PostgreSQL, Valkey and the project's processes on this machine, with no container engine.

Usage: python scripts/runtime.py env|up|urls|status|logs|down
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from scripts.runtime_cli import main

    sys.exit(main(sys.argv[1:]))
