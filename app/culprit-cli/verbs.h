// SPDX-License-Identifier: GPL-3.0-or-later
// One maker a verb, each defined in verb_NAME.cpp.
#pragma once

#include <memory>

namespace culprit::cli {

class Verb;

std::unique_ptr<Verb> makeBenchmark();
std::unique_ptr<Verb> makeCorrupt();
std::unique_ptr<Verb> makeDemo();
std::unique_ptr<Verb> makeDoctor();
std::unique_ptr<Verb> makeEvaluate();
std::unique_ptr<Verb> makeIdentify();
std::unique_ptr<Verb> makeProject();
std::unique_ptr<Verb> makeReport();
std::unique_ptr<Verb> makeRun();
std::unique_ptr<Verb> makeServe();
std::unique_ptr<Verb> makeTrain();
std::unique_ptr<Verb> makeTreat();

} // namespace culprit::cli
