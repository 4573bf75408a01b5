// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sandbox.h"
#include "engine/machine.h"
#include "json_text.h"
#include "text_table.h"
#include "verb.h"
#include "verbs.h"

namespace culprit::cli {

namespace {

/// The reference BLAS reaches 3-4 on current processors, an optimised one 50 and more.
constexpr double slowGflops = 10.0;

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text.empty() ? "none" : text;
}

std::string warningFor(const engine::Machine& machine)
{
    if (machine.optimisedBlas && machine.matrixGflops >= slowGflops)
        return {};
    if (machine.optimisedBlas)
        return "the matrix product is slow (" + fixed(machine.matrixGflops, 1) +
               " GFLOP/s); is the machine busy, or limited to few threads?";
    return "LibTorch computes with the reference BLAS (" + machine.blas + ", " +
           fixed(machine.matrixGflops, 1) +
           " GFLOP/s), some ten times slower than it could; install an optimised one: sudo apt install "
           "libopenblas0-openmp";
}

class Doctor final : public Verb {
public:
    void declare(CLI::App&) override {}

    Expected<Answer> run(const Monitor& monitor) override
    {
        monitor.report("measuring", 0, 0);
        const auto machine = engine::examineMachine(general.compute.threads);
        if (monitor.stopRequested())
            return cancelled();
        const auto sandbox = probeSandbox();
        return Answer{.text = general.json ? json(machine, sandbox) : text(machine, sandbox)};
    }

private:
    static std::string text(const engine::Machine& machine, const SandboxLevel& sandbox)
    {
        using Align = TextTable::Align;
        TextTable table({{"culprit-cli", Align::Left}, {CULPRIT_VERSION, Align::Left}});
        table.addRow({"LibTorch", machine.libtorch});
        table.addRow({"BLAS", machine.blas});
        table.addRow({"matrix product", fixed(machine.matrixGflops, 1) + " GFLOP/s"});
        table.addRow({"convolution", fixed(machine.convolutionGflops, 1) + " GFLOP/s"});
        table.addRow({"threads", std::to_string(machine.threads) + " of " +
                                     std::to_string(machine.processors) + " processors"});
        table.addRow({"devices", joined(machine.devices)});
        table.addRow({"image files", joined(machine.codecs)});
        table.addRow({"sandbox", sandbox.describe()});
        const std::string warning = warningFor(machine);
        return table.text() + (warning.empty() ? "" : "\nwarning: " + warning + "\n");
    }

    static std::string json(const engine::Machine& machine, const SandboxLevel& sandbox)
    {
        nlohmann::ordered_json document;
        document["tool"] = {
            {"version", CULPRIT_VERSION}, {"libtorch", machine.libtorch}, {"threads", machine.threads}};
        document["machine"] = {
            {"processors", machine.processors}, {"devices", machine.devices}, {"codecs", machine.codecs}};
        document["blas"] = {{"library", machine.blas},
                            {"optimised", machine.optimisedBlas},
                            {"matrix_gflops", machine.matrixGflops},
                            {"convolution_gflops", machine.convolutionGflops}};
        document["sandbox"] = {{"landlock", sandbox.landlock},
                               {"landlock_abi", sandbox.landlockAbi},
                               {"seccomp", sandbox.seccomp},
                               {"network", sandbox.network},
                               {"description", sandbox.describe()}};
        const std::string warning = warningFor(machine);
        document["warnings"] = warning.empty() ? std::vector<std::string>() : std::vector{warning};
        return jsonText(document);
    }
};

} // namespace

std::unique_ptr<Verb> makeDoctor()
{
    return std::make_unique<Doctor>();
}

} // namespace culprit::cli
