"""python -m unionkb"""

from unionkb.cli import main

main()
