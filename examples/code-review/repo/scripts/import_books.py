"""Imports titles from a YAML file and makes thumbnails of their covers."""

import subprocess
import sys

import yaml


def load_titles(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file)


def make_thumbnail(cover):
    subprocess.run("convert " + cover + " -resize 120x thumb-" + cover, shell=True, check=True)


def to_cents(text):
    try:
        return round(float(text) * 100)
    except:
        return 0


def main():
    for title in load_titles(sys.argv[1]):
        print(title["name"], to_cents(title.get("price", "0")))
        if "cover" in title:
            make_thumbnail(title["cover"])


if __name__ == "__main__":
    main()
