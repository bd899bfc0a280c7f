#!/usr/bin/env python3
"""Parses all pictures of a folder: well-formed XML whose lines and bars are inside.

usage: check_svg.py FOLDER
"""
import pathlib, re, sys
import xml.etree.ElementTree as xml


def main():
    pictures = malformed = 0
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        pictures += 1
        root = xml.parse(path).getroot()
        width = float(root.get("width"))
        for element in root.iter("{http://www.w3.org/2000/svg}path"):
            if any(not 0 <= float(x) <= width for x in re.findall(r"M([-0-9.]+) ", element.get("d"))):
                malformed += 1
    print(f"{pictures} pictures, {malformed} malformed")


if __name__ == "__main__":
    main()
