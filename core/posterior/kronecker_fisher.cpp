// SPDX-License-Identifier: GPL-3.0-or-later
#include "posterior/kronecker_fisher.h"

#include "model/batches_internal.h"
#include "posterior/drawn_rows_internal.h"
#include "posterior/layer_observer_internal.h"
#include "posterior/sampled_labels_internal.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

namespace culprit::posterior {

namespace {

/// What one batch adds to a layer's factors.
struct Addend {
    LayerRun layer; ///< Without its tensors.
    at::Tensor a;
    at::Tensor g;
};

/// (rows, inputs) and how many images' worth a row counts more than once, since some positions were left out.
struct InputRows {
    at::Tensor rows;
    double weight = 1.0;
};

InputRows inputRows(const LayerRun& run, std::int64_t most, at::Generator& generator)
{
    if (run.path.kernel.empty())
        return {run.input.reshape({-1, run.inputs})};
    const auto& path = run.path;
    at::Tensor patches = at::im2col(run.input, path.kernel, path.dilation, path.padding, path.stride);
    const auto all = patches.size(2);
    if (all > most) {
        const at::Tensor chosen =
            std::get<0>(at::randperm(all, generator, at::kLong).narrow(0, 0, most).sort());
        patches = patches.index_select(2, chosen.to(patches.device()));
    }
    return {patches.transpose(1, 2).reshape({-1, run.inputs}),
            static_cast<double>(all) / static_cast<double>(patches.size(2))};
}

/// Σ a aᵀ, bordered by Σ a and the count where the layer has a bias.
at::Tensor inputFactor(const LayerRun& run, const InputRows& input)
{
    const at::Tensor product = at::mm(input.rows.t(), input.rows);
    if (run.bias < 0)
        return product * input.weight;
    const at::Tensor sum = input.rows.sum(0, true);
    const at::Tensor count = at::full({1, 1}, static_cast<double>(input.rows.size(0)), sum.options());
    return at::cat({at::cat({product, sum.t()}, 1), at::cat({sum, count}, 1)}) * input.weight;
}

/// Σ g gᵀ / T.
at::Tensor outputFactor(const LayerRun& run, std::int64_t images)
{
    const at::Tensor& gradient = run.outputGradient;
    const at::Tensor columns = run.path.kernel.empty() ? gradient.reshape({-1, run.outputs}).t()
                                                       : gradient.transpose(0, 1).reshape({run.outputs, -1});
    return at::mm(columns, columns.t()) *
           (static_cast<double>(images) / static_cast<double>(columns.size(1)));
}

class Estimate {
public:
    Estimate(model::Classifier::Impl& impl, const KroneckerOptions& options)
        : m_impl(impl), m_options(options), m_places(parameterPlaces(impl)),
          m_generator(model::seededGenerator(options.seed)), m_squares(at::zeros_like(impl.flat.values()))
    {
    }

    /// One backward pass; adds nothing where it throws.
    void addBatch(const at::Tensor& pixels)
    {
        m_impl.flat.zeroGradient();
        at::Tensor logits;
        std::vector<std::shared_ptr<LayerRun>> runs;
        {
            const LayerObserver observer(m_impl, m_places);
            logits = m_impl.logits(m_impl.normalised(pixels));
            runs = observer.runs();
            for (const auto& [place, use] : observer.otherUses())
                m_unfit.emplace(place, "used by " + use);
        }
        refuse(runs);
        signedLogLikelihood(logits, m_generator).backward();
        at::NoGradGuard noGrad;
        std::vector<Addend> addends;
        for (const auto& run : runs)
            if (isFit(*run) && run->outputGradient.defined())
                addends.push_back(addend(*run, pixels.size(0)));
        m_squares.addcmul_(m_impl.flat.gradient(), m_impl.flat.gradient());
        for (auto& one : addends)
            add(one);
    }

    KroneckerFisher result(std::int64_t images) const
    {
        const double share = 1.0 / static_cast<double>(std::max<std::int64_t>(images, 1));
        KroneckerFisher fisher;
        fisher.diagonal = model::toVector(m_squares * share);
        const std::span diagonal(fisher.diagonal);
        for (const auto& [place, sum] : m_sums) {
            if (!isFit(sum.layer))
                continue;
            const auto& layer = sum.layer;
            fisher.blocks.push_back({layer.weight, layer.bias, layer.outputs, layer.inputs,
                                     model::toVector(sum.a * share), model::toVector(sum.g * share)});
            std::ranges::fill(
                diagonal.subspan(std::size_t(layer.weight), std::size_t(layer.outputs * layer.inputs)), 0.0F);
            if (layer.bias >= 0)
                std::ranges::fill(diagonal.subspan(std::size_t(layer.bias), std::size_t(layer.outputs)),
                                  0.0F);
        }
        if (auto note = exceptions(); !note.empty())
            fisher.notes.push_back(std::move(note));
        return fisher;
    }

private:
    Addend addend(const LayerRun& run, std::int64_t images)
    {
        LayerRun layer = run;
        layer.input = layer.outputGradient = at::Tensor();
        return {std::move(layer), inputFactor(run, inputRows(run, m_options.positions, m_generator)),
                outputFactor(run, images)};
    }

    /// An image that the model makes no finite answer of has no curvature either.
    void add(Addend& one)
    {
        if (!std::isfinite(one.a.sum().item<double>() + one.g.sum().item<double>()))
            return;
        const auto [found, isNew] = m_sums.try_emplace(one.layer.weight, one);
        if (isNew)
            return;
        found->second.a.add_(one.a);
        found->second.g.add_(one.g);
    }

    /// Marks the layers whose Fisher is no Kronecker product, or too large a one.
    void refuse(const std::vector<std::shared_ptr<LayerRun>>& runs)
    {
        std::map<std::int64_t, int> uses;
        for (const auto& run : runs) {
            for (const auto place : {run->weight, run->bias})
                if (place >= 0 && ++uses[place] > 1)
                    m_unfit.emplace(place, "used more than once");
            const auto width = std::max(run->inputs + 1, run->outputs);
            if (width > m_options.widest)
                m_unfit.emplace(run->weight, std::to_string(width) + " wide");
        }
    }

    bool isFit(const LayerRun& run) const
    {
        return !m_unfit.contains(run.weight) && !m_unfit.contains(run.bias);
    }

    std::string exceptions() const
    {
        std::string list;
        for (const auto& place : m_places) {
            const auto sum = m_sums.find(place.offset);
            if (place.sizes.size() < 2 || (sum != m_sums.end() && isFit(sum->second.layer)))
                continue;
            const auto reason = m_unfit.find(place.offset);
            list += (list.empty() ? "" : ", ") + place.name +
                    (reason == m_unfit.end() ? "" : " (" + reason->second + ")");
        }
        return list.empty() ? list
                            : "No Kronecker factors, only the diagonal of the Fisher, for: " + list + ".";
    }

    model::Classifier::Impl& m_impl;
    const KroneckerOptions& m_options;
    std::vector<ParameterPlace> m_places;
    at::Generator m_generator;
    at::Tensor m_squares;
    std::map<std::int64_t, Addend> m_sums;
    std::map<std::int64_t, std::string> m_unfit; ///< By place, why.
};

} // namespace

Expected<KroneckerFisher> kroneckerFisher(const model::Classifier& classifier, const data::ImageSet& set,
                                          const KroneckerOptions& options, const Monitor& monitor)
{
    auto& impl = classifier.impl();
    impl.module.eval();
    const auto rows = drawnRows(set, options.images, options.seed);
    const model::BatchPlan plan{static_cast<std::int64_t>(rows.size()), options.draws,
                                "estimating curvature"};
    model::BatchPace pace(options.batch, options.batch);
    try {
        Estimate estimate(impl, options);
        auto done = model::inBatches(plan, pace, monitor, [&](std::int64_t first, std::int64_t count) {
            const auto batch = std::span(rows).subspan(std::size_t(first), std::size_t(count));
            estimate.addBatch(model::pixelTensor(set, batch));
        });
        impl.flat.releaseGradient();
        if (!done)
            return fail(done.error());
        return estimate.result(plan.images * plan.passes);
    } catch (const std::exception& error) {
        impl.flat.releaseGradient();
        return model::failedBy(error, "the curvature could not be estimated");
    }
}

double meanCurvature(const KroneckerFisher& fisher)
{
    double sum = 0.0;
    for (const float value : fisher.diagonal)
        sum += std::isfinite(value) ? value : 0.0F;
    const auto trace = [](const std::vector<float>& matrix, std::int64_t size) {
        double diagonal = 0.0;
        for (std::int64_t i = 0; i < size; ++i)
            diagonal += matrix[static_cast<std::size_t>(i * (size + 1))];
        return diagonal;
    };
    for (const auto& block : fisher.blocks)
        sum += trace(block.a, block.columns()) * trace(block.g, block.outputs);
    return sum / static_cast<double>(std::max<std::size_t>(fisher.diagonal.size(), 1));
}

} // namespace culprit::posterior
