"""Figures from predictions: lines of GOLD<TAB>TAKEN FOR<TAB>SCORE."""
import itertools
from collections import namedtuple

Guess = namedtuple("Guess", "gold taken score")
NOTHING = "None"  # what NLP.js calls a message that it takes for nothing


def read(path):
    lines = [line.split("\t") for line in path.read_text(encoding="utf8").split("\n") if line]
    return [Guess(gold, taken, float(score)) for gold, taken, score in lines]


def is_right(guess):
    return guess.gold == guess.taken


def accuracy(guesses):
    return sum(map(is_right, guesses)) / len(guesses)


def rejects(guess, threshold):
    return guess.score < threshold or guess.taken == NOTHING


def at_threshold(inside, outside, threshold):
    """The keys are those of `xiaoer eval --json`."""
    right = sum(is_right(guess) and not rejects(guess, threshold) for guess in inside)
    wrongly = sum(rejects(guess, threshold) for guess in inside)
    rejected = sum(rejects(guess, threshold) for guess in outside)
    return {
        "threshold": threshold,
        "in_scope_accuracy_at_threshold": right / len(inside),
        "oos_recall": rejected / len(outside),
        "oos_precision": rejected / max(rejected + wrongly, 1),
        "joint_accuracy": (right + rejected) / (len(inside) + len(outside)),
        "auroc": auroc(inside, outside),
    }


def auroc(inside, outside):
    sure = lambda guess: -1.0 if guess.taken == NOTHING else guess.score
    values = sorted([(sure(guess), 1) for guess in inside] + [(sure(guess), 0) for guess in outside])
    won = below = 0
    for _, ties in itertools.groupby(values, key=lambda value: value[0]):
        ties = [within for _, within in ties]
        within = sum(ties)
        won += within * (below + (len(ties) - within) / 2)
        below += len(ties) - within
    return won / (len(inside) * len(outside))


def best_threshold(cases):
    """Where the most is treated rightly. A case is a guess, whether it is from within, and how much it counts."""
    kept = {}
    for guess, is_inside, weight in cases:
        if guess.taken != NOTHING and (not is_inside or is_right(guess)):
            kept[guess.score] = kept.get(guess.score, 0.0) + (weight if is_inside else -weight)
        elif guess.taken != NOTHING:
            kept.setdefault(guess.score, 0.0)
    best, threshold, total = float("-inf"), 0.0, 0.0
    for score in sorted(kept, reverse=True):
        total += kept[score]
        if total > best:
            best, threshold = total, score
    return threshold


def from_validation(inside, outside):
    weight = min(1.0, len(inside) / len(outside))
    return best_threshold([(guess, True, 1.0) for guess in inside] + [(guess, False, weight) for guess in outside])


def reached_by_most(inside):
    """What 95 of 100 reach."""
    return sorted(guess.score for guess in inside)[len(inside) // 20]


def bootstrap(ours, theirs, resamples=10_000, seed=1):
    """Ours minus theirs over paired resamples of the messages, in points: the difference, its 95 % interval, and the share of
    the resamples in which ours is ahead."""
    import numpy

    assert [guess.gold for guess in ours] == [guess.gold for guess in theirs], "not the same messages"
    lead = numpy.array([int(is_right(one)) - int(is_right(other)) for one, other in zip(ours, theirs)])
    dice = numpy.random.default_rng(seed)
    means = numpy.array([lead[dice.integers(0, len(lead), len(lead))].mean() for _ in range(resamples)])
    low, high = numpy.percentile(means, [2.5, 97.5])
    return {
        "points": 100 * float(lead.mean()),
        "low": 100 * float(low),
        "high": 100 * float(high),
        "ahead": float((means > 0).mean()),
        "resamples": resamples,
    }
