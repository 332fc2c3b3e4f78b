"""What the fault matrix shares with the tests of the processes."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "integration"), str(HERE.parent / "postgresql")]
