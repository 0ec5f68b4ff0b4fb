"""linear.py hinge|logistic TRAIN OUT NAME=FILE...: the strong linear baseline.

TF-IDF of words 1-2 and characters 2-5, each brought to length 1, and on it one class against the rest with the squared
hinge (C = 1), or multinomial logistic regression (C = 30). Scores: the largest margin, the largest probability.
"""
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

import peer


def learn(kind, texts, labels):
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    machine = LinearSVC(C=1) if kind == "hinge" else LogisticRegression(C=30, max_iter=1000)
    model = make_pipeline(make_union(words, letters), machine).fit(texts, labels)
    look = model.decision_function if kind == "hinge" else model.predict_proba
    classes = model.classes_

    def guess(text):
        found = look([text])[0]
        if found.ndim == 0:  # two classes have one margin
            return classes[int(found > 0)], abs(float(found))
        best = int(found.argmax())
        return classes[best], float(found[best])

    return guess


if __name__ == "__main__":
    kind = sys.argv.pop(1)
    peer.run(lambda texts, labels: learn(kind, texts, labels))
