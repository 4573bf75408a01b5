// SPDX-License-Identifier: GPL-3.0-or-later
#include "verbs.h"

#include "verb.h"

namespace culprit::cli {

namespace {

constexpr VerbEntry registry[] = {
    {"demo", "Make the demo set, train, investigate, print the table: everything from nothing in a minute",
     "  culprit-cli demo --out culprit-demo", &makeDemo},
    {"train", "Train one of the built-in networks and save it as TorchScript",
     "  culprit-cli train --data mnist --arch paper-cnn --preprocess mnist --epochs 20 --out model.pt",
     &makeTrain},
    {"evaluate", "Accuracy, confusions and failures of a model on the test set",
     "  culprit-cli evaluate --model model.pt --data mnist --out result", &makeEvaluate},
    {"identify", "Rank the training images by how much they cause the failures",
     "  culprit-cli identify --model model.pt --data mnist --out result\n"
     "  culprit-cli identify --model model.pt --data mnist --failures mine.csv --method ewc --cut top:200",
     &makeIdentify},
    {"treat", "Make the model forget the causes in a causes.csv",
     "  culprit-cli treat --model model.pt --data mnist --causes result/causes.csv --method "
     "relabel-rehearse,retrain "
     "--out result\n"
     "  culprit-cli treat --model model.pt --data mnist --causes result/causes.csv --decisions decisions.csv",
     &makeTreat},
    {"run", "The whole job: evaluate, identify, treat, report",
     "  culprit-cli run --model model.pt --data mnist --out result\n"
     "  culprit-cli run --model model.pt --data mnist --truth truth.csv --json > result.json",
     &makeRun},
    {"corrupt", "Plant known faults in a training set, to score methods by",
     "  culprit-cli corrupt --data mnist --out noisy --label-noise 0.1\n"
     "  culprit-cli corrupt --data mnist --out confused --pairs 4:9,8:3 --fraction 0.35\n"
     "  culprit-cli corrupt --data mnist --out tagged --shortcut 0:0.9",
     &makeCorrupt},
    {"benchmark", "Every method and treatment on planted faults: a table with mean and range over seeds",
     "  culprit-cli benchmark --data mnist --seeds 3 --out figures\n"
     "  culprit-cli benchmark --data mnist --noise pairs --method culprit,ewc --removal culprit --out figures\n"
     "  culprit-cli benchmark --data noisy --train-labels given.npy --truth clean.npy\n"
     "  culprit-cli benchmark --data mnist --suite devices --device cuda:0",
     &makeBenchmark},
    {"project",
     "Keep an investigation in one file: decide about its images, repair with the decisions, export",
     "  culprit-cli project new case.culprit --model model.pt --data mnist --reviewer 'Dr. Grace'\n"
     "  culprit-cli project run case.culprit\n"
     "  culprit-cli project decide case.culprit --image 4711 --as relabel --label 9 --note 'clearly a nine'\n"
     "  culprit-cli project repair case.culprit --out repaired.pt\n"
     "  culprit-cli project export case.culprit --what labels,audit --out corrected\n"
     "  culprit-cli project verify case.culprit",
     &makeProject},
    {"report", "Write the HTML report of a result again",
     "  culprit-cli report --result result --out report.html", &makeReport},
    {"doctor", "What this machine offers: LibTorch, BLAS speed, devices, codecs, sandbox",
     "  culprit-cli doctor", &makeDoctor},
    {"serve", "The engine behind the window: frames on standard input and output",
     "  ssh server culprit-cli serve --device cuda", &makeServe},
};

} // namespace

std::span<const VerbEntry> verbs()
{
    return registry;
}

} // namespace culprit::cli
