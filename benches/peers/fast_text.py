"""fast_text.py TRAIN OUT NAME=FILE...: fastText, supervised, with words 1-2 and characters 2-5. Score: the probability.

Its rows are shuffled with a fixed seed: it learns in their order, and badly where they come label by label.
"""
import os
import random
import tempfile

import fasttext

import peer


def learn(texts, labels):
    rows = list(zip(texts, labels))
    random.Random(17).shuffle(rows)
    names = sorted(set(labels))
    number = {name: n for n, name in enumerate(names)}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "train")
        with open(path, "w", encoding="utf8") as file:
            file.writelines(f"__label__{number[label]} {text.lower()}\n" for text, label in rows)
        # From few examples it needs more rounds: 64 instead of 47 of 100 with ten for each label.
        epoch = 50 if len(rows) > 5000 else 200
        # One thread: the same model at every run, for the same processor time.
        model = fasttext.train_supervised(
            path, epoch=epoch, lr=0.5, wordNgrams=2, minn=2, maxn=5, dim=100, bucket=200000, thread=1, verbose=0
        )

    def guess(text):
        found, score = model.predict(text.lower())
        return (names[int(found[0][9:])], float(score[0])) if found else (names[0], 0.0)

    return guess


if __name__ == "__main__":
    peer.run(learn)
