"""`python -m footlight`."""

from footlight.cli.main import main

if __name__ == "__main__":
    main()
