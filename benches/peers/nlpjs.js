// nlpjs.js TRAIN OUT NAME=FILE...: NLP.js. Its rows are shuffled with a fixed seed: it is sensitive to their order. A message
// that it takes for nothing is of the label None, with score 0; else its own score.
'use strict';
const fs = require('fs');
const path = require('path');
const { NlpManager } = require('node-nlp');

const cut = line => {
  const tab = line.lastIndexOf('\t');
  return [line.slice(0, tab).trim(), line.slice(tab + 1).trim()];
};
const read = file => fs.readFileSync(file, 'utf8').split('\n').filter(line => line.includes('\t')).map(cut);
const shuffled = rows => {
  let dice = 17;
  for (let i = rows.length - 1; i > 0; i--) {
    dice = (dice * 1103515245 + 12345) % 2147483648;
    const j = dice % (i + 1);
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows;
};
const at = (sorted, share) => sorted[Math.floor(share * (sorted.length - 1))];

(async () => {
  const [train, out, ...files] = process.argv.slice(2);
  const rows = read(train);
  const language = /[\u4e00-\u9fff]/.test(rows[0][0]) ? 'zh' : 'en';
  const manager = new NlpManager({
    languages: [language], forceNER: false, autoSave: false, threshold: 0, nlu: { log: false, useNoneFeature: true },
  });
  const begun = process.cpuUsage();
  for (const [text, label] of shuffled(rows)) manager.addDocument(language, text, label);
  await manager.train();
  const spent = process.cpuUsage(begun);
  const figures = { train_cpu_seconds: (spent.user + spent.system) / 1e6 };
  for (const named of files) {
    const [name, file] = [named.slice(0, named.indexOf('=')), named.slice(named.indexOf('=') + 1)];
    const messages = read(file);
    const lines = [];
    for (const [text, gold] of messages) {
      const found = await manager.process(language, text);
      lines.push(`${gold}\t${found.intent}\t${found.intent === 'None' ? 0 : found.score}\n`);
    }
    fs.writeFileSync(path.join(out, `${name}.tsv`), lines.join(''));
    if (name !== 'test') continue;
    const micros = [];
    for (const [text] of messages) {
      const start = process.hrtime.bigint();
      await manager.process(language, text);
      micros.push(Number(process.hrtime.bigint() - start) / 1e3);
    }
    micros.sort((a, b) => a - b);
    Object.assign(figures, { p50_micros: at(micros, 0.5), p99_micros: at(micros, 0.99) });
  }
  fs.writeFileSync(path.join(out, 'figures.json'), JSON.stringify(figures));
})();
