"""Tables in Markdown."""
NAMES = {
    "xiaoer": "**xiaoer**",
    "hinge": "TF-IDF, squared hinge C = 1",
    "logistic": "TF-IDF, logistic C = 30",
    "fasttext": "fastText",
    "nlpjs": "NLP.js",
}


def percent(share):
    return f"{100 * share:.1f}"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def ratio(row, ours, key):
    if not ours or not ours.get(key) or row.get(key) is None:
        return ""
    value = row[key] / ours[key]
    return "1" if row is ours else number(value)


def cost(rows):
    ours = rows.get("xiaoer")
    yield ["engine", "accuracy", "training, CPU-s", "× ours", "p50 a message, µs", "× ours", "peak memory, MB", "× ours"]
    for engine, row in rows.items():
        training = number(row["train_cpu_seconds"]) if row.get("train_cpu_seconds") is not None else "–"
        if row.get("fit_cpu_seconds") is not None:
            training += f" (the model alone {number(row['fit_cpu_seconds'])})"
        yield [
            NAMES[engine],
            percent(row["accuracy"]) + apart(row),
            training,
            ratio(row, ours, "train_cpu_seconds"),
            number(row["p50_micros"]),
            ratio(row, ours, "p50_micros"),
            number(row["megabytes"]),
            ratio(row, ours, "megabytes"),
        ]


def apart(row):
    return f" ({' · '.join(percent(share) for share in row['apart'].values())})" if "apart" in row else ""


def rejecting(rows):
    yield ["engine", "in scope and right", "recall outside", "precision outside", "all treated rightly", "AUROC", "threshold"]
    for engine, row in rows.items():
        keys = ["in_scope_accuracy_at_threshold", "oos_recall", "oos_precision", "joint_accuracy"]
        shares = [percent(row[key]) for key in keys]
        yield [NAMES[engine], *shares, f"{row['auroc']:.3f}", f"{row['threshold']:.3f}"]


def show(table):
    rows = table["rows"]
    lines = list((rejecting if table["kind"] == "outside" else cost)(rows))
    out = [f"### {table['title']}", ""]
    out += ["| " + " | ".join(lines[0]) + " |", "|" + "---|" * len(lines[0])]
    out += ["| " + " | ".join(line) + " |" for line in lines[1:]]
    if table["lead"]:
        lead = table["lead"]
        out += [
            "",
            f"Ours minus {NAMES[lead['over']]}, the better of the linear ones: {lead['points']:+.2f} points, 95 % interval"
            f" {lead['low']:+.2f} to {lead['high']:+.2f}; ahead in {percent(lead['ahead'])} % of {lead['resamples']:,} paired"
            " resamples.",
        ]
    return "\n".join(out) + "\n"
