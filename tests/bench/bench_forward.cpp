// SPDX-License-Identifier: GPL-3.0-or-later
// How much of LibTorch's speed a forward pass through Culprit keeps: model::predict with its default batch against a
// bare loop over the same module, at each batch size, in turn, so that a machine's changing load falls on both alike.
// Prints medians; run it by hand: build/…/tests/bench_forward [images] [rounds].
#include "data/demo_set.h"
#include "model/classifier_internal.h"
#include "model/forward.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <vector>

namespace {

using namespace culprit;

constexpr std::int64_t batches[] = {16, 32, 64, 128, 256, 512};

double seconds(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What anyone would write: slice, convert, scale, forward.
void bareLoop(torch::jit::Module& module, const at::Tensor& pixels, std::int64_t batch)
{
    at::NoGradGuard noGrad;
    const torch::jit::GraphOptimizerEnabledGuard plain(false);
    for (std::int64_t first = 0; first < pixels.size(0); first += batch) {
        const auto count = std::min(batch, pixels.size(0) - first);
        (void)module.forward({pixels.narrow(0, first, count).to(at::kFloat).div_(255.0)});
    }
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    const std::int64_t images = argc > 1 ? std::atoll(argv[1]) : 3000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
    const auto demo = data::drawDemoSet({.train = images, .test = 10});
    const auto& set = demo.data.train;
    auto classifier = model::Classifier::build(model::Architecture::PaperCnn, {set.shape, 10, {}}, 0, "cpu");
    if (!classifier)
        return 1;
    auto& module = classifier->impl().module;
    const at::Tensor pixels = model::pixelTensor(set);
    std::map<std::int64_t, std::vector<double>> bare;
    std::vector<double> ours;
    for (int round = 0; round <= rounds; ++round) {
        const double own = seconds([&] { (void)model::predict(*classifier, set, {}, {}); });
        for (const auto batch : batches) {
            const double time = seconds([&] { bareLoop(module, pixels, batch); });
            if (round > 0)
                bare[batch].push_back(time);
        }
        if (round > 0)
            ours.push_back(own);
    }
    double best = 1e9;
    for (const auto& [batch, times] : bare) {
        std::printf("bare loop, batch %4ld: %.4f s\n", static_cast<long>(batch), median(times));
        best = std::min(best, median(times));
    }
    std::printf("model::predict:        %.4f s, %.3f of the best bare loop\n", median(ours), median(ours) / best);
    return 0;
}
