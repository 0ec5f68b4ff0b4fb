"""What the peers in Python share: reading the files, timing, writing what each message was taken for."""
import json
import sys
import time
from pathlib import Path


def read(path):
    rows = [line.rsplit("\t", 1) for line in Path(path).read_text(encoding="utf8").split("\n") if "\t" in line]
    return [(text.strip(), label.strip()) for text, label in rows]


def run(learn):
    train, out, files = read(sys.argv[1]), Path(sys.argv[2]), [name.split("=", 1) for name in sys.argv[3:]]
    texts, labels = zip(*train)
    begun = time.process_time()
    guess = learn(texts, labels)
    figures = {"train_cpu_seconds": time.process_time() - begun}
    for name, path in files:
        rows = read(path)
        # The first round is for what is said, and warms the caches; the second, of the test, is timed.
        found = [guess(text) for text, _ in rows]
        lines = (f"{gold}\t{label}\t{score!r}\n" for (_, gold), (label, score) in zip(rows, found))
        (out / f"{name}.tsv").write_text("".join(lines), encoding="utf8")
        if name == "test":
            figures |= timed(guess, rows)
    (out / "figures.json").write_text(json.dumps(figures), encoding="utf8")


def timed(guess, rows):
    micros = []
    for text, _ in rows:
        begun = time.perf_counter_ns()
        guess(text)
        micros.append((time.perf_counter_ns() - begun) / 1e3)
    micros.sort()
    return {"p50_micros": micros[(len(micros) - 1) // 2], "p99_micros": micros[int(0.99 * (len(micros) - 1))]}
