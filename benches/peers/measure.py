"""measure.py: every engine on every data set, one after the other; then a table for each data set. Started by `run`."""
import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import figures
import tables

HERE = Path(__file__).resolve().parent
POOLED = ["askubuntu", "chatbot", "webapplications"]
LINEAR = ["hinge", "logistic"]
FOLDS = 5
OUTSIDE = 0.2  # the share of messages from outside that `xiaoer eval` presumes where it is shown none


def lines_of(path):
    return [line for line in path.read_text(encoding="utf8").split("\n") if "\t" in line]


def label_of(line):
    return line.rsplit("\t", 1)[1].strip()


def write(path, lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf8")
    return path


def first(lines, most):
    """The first lines of each label, as `xiaoer eval --first` takes them."""
    seen, kept = defaultdict(int), []
    for line in lines:
        seen[label_of(line)] += 1
        if seen[label_of(line)] <= most:
            kept.append(line)
    return kept


def fold(lines, number):
    """Without a fifth of the labels and a fifth of the other lines, as `xiaoer eval` learns its confidence."""
    labels = {label: n for n, label in enumerate(sorted({label_of(line) for line in lines}))}
    seen, learnt, inside, outside = defaultdict(int), [], [], []
    for line in lines:
        label = label_of(line)
        seen[label] += 1
        if len(labels) >= FOLDS and labels[label] % FOLDS == number:
            outside.append(line)
        elif seen[label] % FOLDS == number:
            inside.append(line)
        else:
            learnt.append(line)
    return learnt, inside, outside


def spawn(command, log):
    """Runs a command. Returns what it printed, and the most memory it held in MB."""
    with open(log, "wb") as errors:
        child = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=errors)
        told = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        shown = " ".join(str(word) for word in command)
        sys.exit(f"{shown}\nended with {child.returncode}:\n{log.read_text(errors='replace')}")
    return told, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


class Bench:
    def __init__(self, arguments):
        self.data, self.out = Path(arguments.data), Path(arguments.out)
        self.xiaoer, self.engines = arguments.xiaoer, arguments.engines.split(",")
        self.tables = []

    def file(self, name):
        return self.data / f"{name}.tsv"

    def folder(self, *names):
        folder = self.out.joinpath(*names)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"  {' '.join(names)}", file=sys.stderr, flush=True)
        return folder

    def peer(self, engine, out, train, files):
        program = {
            "hinge": [sys.executable, HERE / "linear.py", "hinge"],
            "logistic": [sys.executable, HERE / "linear.py", "logistic"],
            "fasttext": [sys.executable, HERE / "fast_text.py"],
            "nlpjs": ["node", HERE / "nlpjs.js"],
        }[engine]
        _, megabytes = spawn([*program, train, out, *(f"{name}={path}" for name, path in files.items())], out / "log")
        return json.loads((out / "figures.json").read_text()) | {"megabytes": megabytes}

    def ours(self, out, train, files, more=()):
        """`more` are options of `xiaoer eval`."""
        command = [self.xiaoer, "eval", "--json", "--train", train, "--test", files["test"], *more]
        if "oos" in files:
            command += ["--oos", files["oos"]]
        told, megabytes = spawn([*command, "--predictions", out / "all.tsv"], out / "log")
        predicted = lines_of(out / "all.tsv")
        inside = len(lines_of(files["test"]))
        write(out / "test.tsv", predicted[:inside])
        write(out / "oos.tsv", predicted[inside:])
        return json.loads(told) | {"megabytes": megabytes}

    def each(self, name, train, files, more=()):
        """All engines on one data set: what each cost, and how often it was right."""
        rows = {}
        for engine in self.engines:
            out = self.folder(name, engine)
            row = self.ours(out, train, files, more) if engine == "xiaoer" else self.peer(engine, out, train, files)
            test = self.guesses(name, engine, "test")
            rows[engine] = row | {"accuracy": figures.accuracy(test), "right": sum(map(figures.is_right, test)), "of": len(test)}
        return rows

    def guesses(self, name, engine, part):
        return figures.read(self.out / name / engine / f"{part}.tsv")

    def table(self, title, rows, lead=None, kind="cost"):
        self.tables.append({"title": title, "kind": kind, "rows": rows, "lead": lead})

    def outside(self, title, name, ours, threshold):
        """A table of what is outside: our own figures, and the peers' at the threshold that is chosen for each."""
        rows = {}
        for engine in self.engines:
            if engine == "xiaoer":
                rows[engine] = ours
            else:
                inside, outside = self.guesses(name, engine, "test"), self.guesses(name, engine, "oos")
                rows[engine] = figures.at_threshold(inside, outside, threshold(engine))
        self.table(title, rows, kind="outside")

    def lead(self, name, rows):
        """Whom ours is compared with: the better of the linear ones."""
        linear = [engine for engine in LINEAR if engine in rows]
        if "xiaoer" not in rows or not linear:
            return None
        return {"set": name, "over": max(linear, key=lambda engine: rows[engine]["accuracy"])}

    def compare(self):
        """Done last: what it needs would be counted as memory of every process started after it."""
        for lead in [table["lead"] for table in self.tables if table["lead"]]:
            ours, theirs = (self.guesses(lead["set"], engine, "test") for engine in ["xiaoer", lead["over"]])
            lead |= figures.bootstrap(ours, theirs)

    def banking77(self):
        rows = self.each("banking77", self.file("banking77.train"), {"test": self.file("banking77.test")})
        self.table("BANKING77", rows, self.lead("banking77", rows))

    def clinc150(self):
        named = {"test": "test", "oos": "test-oos", "valid": "valid", "valid-oos": "valid-oos"}
        files = {name: self.file(f"clinc150.{part}") for name, part in named.items()}
        train, valid = self.file("clinc150.train"), ["--valid", files["valid"]]
        rows = self.each("clinc150", train, files, [*valid, "--valid-oos", files["valid-oos"]])
        self.table("CLINC150, in scope", rows, self.lead("clinc150", rows))

        def by_both(engine):
            return figures.from_validation(*(self.guesses("clinc150", engine, part) for part in ["valid", "valid-oos"]))

        def by_inside(engine):
            return figures.reached_by_most(self.guesses("clinc150", engine, "valid"))

        title = "CLINC150, out of scope; threshold from"
        self.outside(f"{title} validation messages of both kinds", "clinc150", rows.get("xiaoer"), by_both)
        ours = None
        if "xiaoer" in self.engines:
            ours = self.ours(self.folder("clinc150", "xiaoer-valid-alone"), train, files, valid)
        self.outside(f"{title} those in scope alone, 95 of 100 pass", "clinc150", ours, by_inside)

    def few(self, name, title):
        train = self.file(f"{name}.train")
        cut = write(self.folder(f"{name}-10") / "train.tsv", first(lines_of(train), 10))
        rows = self.each(f"{name}-10", cut, {"test": self.file(f"{name}.test")})
        self.table(f"{title}, the first 10 examples of each label", rows)

    def sofmattress(self):
        train = self.file("sofmattress.train")
        files = {"test": self.file("sofmattress.test"), "oos": self.file("sofmattress.test-oos")}
        rows = self.each("sofmattress", train, files)
        self.table("SOFMattress, in scope", rows)
        cases = defaultdict(list)
        for number in range(FOLDS):
            folder = self.folder("sofmattress", f"fold-{number}")
            learnt, inside, outside = fold(lines_of(train), number)
            parts = {"inside": write(folder / "inside.tsv", inside), "outside": write(folder / "outside.tsv", outside)}
            weight = OUTSIDE / (1 - OUTSIDE) * len(inside) / max(len(outside), 1)
            write(folder / "train.tsv", learnt)
            for engine in self.engines:
                if engine == "xiaoer":
                    continue
                out = self.folder("sofmattress", engine, f"fold-{number}")
                self.peer(engine, out, folder / "train.tsv", parts)
                cases[engine] += [(guess, True, 1.0) for guess in figures.read(out / "inside.tsv")]
                cases[engine] += [(guess, False, weight) for guess in figures.read(out / "outside.tsv")]
        title = "SOFMattress, with what is out of scope; threshold from cross-validation on the training file"
        self.outside(title, "sofmattress", rows.get("xiaoer"), lambda engine: figures.best_threshold(cases[engine]))

    def pooled(self):
        apart = {}
        for name in POOLED:
            apart[name] = self.each(name, self.file(f"{name}.train"), {"test": self.file(f"{name}.test")})
        rows = {}
        for engine in self.engines:
            parts = [apart[name][engine] for name in POOLED]
            total = lambda key: sum(part[key] for part in parts)
            row = {key: total(key) for key in ["right", "of"]}
            row["accuracy"] = row["right"] / row["of"]
            row["p50_micros"] = sum(part["p50_micros"] * part["of"] for part in parts) / row["of"]
            row["megabytes"] = max(part["megabytes"] for part in parts)
            for key in ["train_cpu_seconds", "fit_cpu_seconds"]:
                if all(part.get(key) is not None for part in parts):
                    row[key] = total(key)
            rows[engine] = row | {"apart": {name: apart[name][engine]["accuracy"] for name in POOLED}}
        self.table("Ask Ubuntu, Chatbot and Web Applications, pooled", rows)


SETS = {
    "banking77": Bench.banking77,
    "clinc150": Bench.clinc150,
    "banking77-10": lambda bench: bench.few("banking77", "BANKING77"),
    "clinc150-10": lambda bench: bench.few("clinc150", "CLINC150"),
    "sofmattress": Bench.sofmattress,
    "pooled": Bench.pooled,
}
FILES = {
    "banking77": ["banking77.train", "banking77.test"],
    "clinc150": [f"clinc150.{part}" for part in ["train", "test", "test-oos", "valid", "valid-oos"]],
    "banking77-10": ["banking77.train", "banking77.test"],
    "clinc150-10": ["clinc150.train", "clinc150.test"],
    "sofmattress": [f"sofmattress.{part}" for part in ["train", "test", "test-oos"]],
    "pooled": [f"{name}.{part}" for name in POOLED for part in ["train", "test"]],
}


def main():
    parser = argparse.ArgumentParser()
    for name in ["--engines", "--xiaoer", "--out"]:
        parser.add_argument(name, required=True)
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("data")
    arguments = parser.parse_args()
    bench, sets = Bench(arguments), arguments.only.split(",")
    unknown = [name for name in sets if name not in SETS] + [name for name in bench.engines if name not in tables.NAMES]
    if unknown:
        sys.exit(f"no such data set or engine: {', '.join(unknown)}")
    missing = sorted({str(bench.file(name)) for one in sets for name in FILES[one] if not bench.file(name).is_file()})
    if missing:
        sys.exit("missing:\n" + "".join(f"  {name}\n" for name in missing) + "see benches/peers/README.md for what they are")
    for name in sets:
        SETS[name](bench)
    bench.compare()
    bench.out.mkdir(parents=True, exist_ok=True)
    (bench.out / "figures.json").write_text(json.dumps(bench.tables, indent=1), encoding="utf8")
    shown = "\n".join(tables.show(table) for table in bench.tables)
    (bench.out / "tables.md").write_text(shown, encoding="utf8")
    print(shown)


if __name__ == "__main__":
    main()
