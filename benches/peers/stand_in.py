"""stand_in.py DATA OUT: a data folder made of the train files of DATA alone, for trying the comparison without looking at any test.

Every fifth line of a train file becomes the test. CLINC150's validation messages serve as its test, a fifth of its train
as validation; its messages from outside are halved. SOFMattress loses every fifth label: those are its messages from outside.
"""
import sys
from pathlib import Path


def read(path):
    return [line for line in path.read_text(encoding="utf8").split("\n") if "\t" in line]


def write(path, lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf8")


def fifths(lines):
    return [line for n, line in enumerate(lines) if n % 5 != 4], lines[4::5]


def main(data, out):
    out.mkdir(parents=True, exist_ok=True)
    for name in ["banking77", "askubuntu", "chatbot", "webapplications"]:
        train, test = fifths(read(data / f"{name}.train.tsv"))
        write(out / f"{name}.train.tsv", train)
        write(out / f"{name}.test.tsv", test)
    train, valid = fifths(read(data / "clinc150.train.tsv"))
    outside = read(data / "clinc150.valid-oos.tsv")
    write(out / "clinc150.train.tsv", train)
    write(out / "clinc150.valid.tsv", valid)
    write(out / "clinc150.test.tsv", read(data / "clinc150.valid.tsv"))
    write(out / "clinc150.valid-oos.tsv", outside[0::2])
    write(out / "clinc150.test-oos.tsv", outside[1::2])
    lines = read(data / "sofmattress.train.tsv")
    strangers = set(sorted({line.rsplit("\t", 1)[1] for line in lines})[4::5])
    is_strange = lambda line: line.rsplit("\t", 1)[1] in strangers
    train, test = fifths([line for line in lines if not is_strange(line)])
    write(out / "sofmattress.train.tsv", train)
    write(out / "sofmattress.test.tsv", test)
    write(out / "sofmattress.test-oos.tsv", [line for line in lines if is_strange(line)])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
