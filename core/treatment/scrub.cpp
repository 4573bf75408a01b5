// SPDX-License-Identifier: GPL-3.0-or-later
// SCRUB (Kurmanji, Triantafillou, Hayes and Triantafillou, NeurIPS 2023): a student starts as the old model,
// the teacher, and is driven away from its answers on the causes, held to them and to the labels on the rest.
// Epochs of the one and the other take turns, and the last ones only mend.
#include "treatment/treatment_internal.h"

#include "base/random.h"
#include "model/forward_internal.h"
#include "model/optimisation_internal.h"

#include <algorithm>

namespace culprit::treatment {

namespace {

constexpr std::uint64_t shuffleStream = 0x7363727562;

// The authors' for image classification, but for the passes: as many as the other treatments that rehearse
// may take.
constexpr double labelWeight = 0.99;    ///< γ
constexpr double teacherWeight = 0.001; ///< α
constexpr double temperature = 4.0;
constexpr double rate = 5e-4;
constexpr int rounds = 4;
constexpr int roundsAway = 2; ///< The first of them begin with a pass over the causes.

/// Σ T² KL(teacher ‖ student), both at temperature T, of each image's logits (n, K): shape (n).
at::Tensor divergence(const at::Tensor& student, const at::Tensor& teacher)
{
    const at::Tensor target = at::log_softmax(teacher / temperature, 1);
    const at::Tensor answer = at::log_softmax(student / temperature, 1);
    return (target.exp() * (target - answer)).sum(1) * (temperature * temperature);
}

class Scrubber {
public:
    Scrubber(const TreatmentInput& input, const TreatOptions& options)
        : m_input(input), m_options(options), m_student(input.classifier.clone()),
          m_adam(m_student.impl().flat), m_random(options.seed, shuffleStream),
          m_piece(options.batchSize + 1), m_labels(correctedLabels(input)), m_mended(trainableRows(input))
    {
        model::seedModules(options.seed);
        for (const auto row : causeRows(input))
            if (!std::binary_search(m_mended.begin(), m_mended.end(), row))
                m_driven.push_back(row);
    }

    Result run(const Monitor& monitor)
    {
        if (auto asked = askTeacher(monitor); !asked)
            return fail(asked.error());
        const auto total = roundsAway * static_cast<std::int64_t>(m_driven.size()) +
                           rounds * static_cast<std::int64_t>(m_mended.size());
        for (int round = 0; round < rounds; ++round) {
            if (round < roundsAway)
                if (auto done = pass(m_driven, total, &Scrubber::driveAway, monitor); !done)
                    return fail(done.error());
            if (auto done = pass(m_mended, total, &Scrubber::mend, monitor); !done)
                return fail(done.error());
        }
        m_student.impl().module.eval();
        m_student.impl().flat.releaseGradient();
        return Treated{.classifier = std::move(m_student)};
    }

private:
    using Step = void (Scrubber::*)(std::span<const std::int64_t>);

    /// The teacher sees each image as the student will, so its answers are had once.
    Expected<void> askTeacher(const Monitor& monitor)
    {
        std::vector<at::Tensor> answers;
        auto done =
            model::forwardAll(m_input.classifier, m_input.train, {}, "asking the old model", monitor,
                              [&](std::int64_t, const at::Tensor& logits) { answers.push_back(logits); });
        if (done)
            m_teacher = at::cat(answers);
        return done;
    }

    Expected<void> pass(std::vector<std::int64_t>& rows, std::int64_t total, Step step,
                        const Monitor& monitor)
    {
        m_random.shuffle(std::span(rows));
        const auto count = static_cast<std::int64_t>(rows.size());
        for (std::int64_t first = 0; first < count;) {
            if (monitor.stopRequested())
                return cancelled();
            const auto length = model::batchLength(count - first, m_options.batchSize);
            (this->*step)(
                std::span(rows).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(length)));
            first += length;
            m_seen += length;
            monitor.report("repairing", m_seen, total);
        }
        return {};
    }

    /// A step up the divergence on causes, in evaluation mode: batch statistics stay those of the rest.
    void driveAway(std::span<const std::int64_t> rows)
    {
        m_student.impl().module.eval();
        descend(rows, [](const at::Tensor& logits, const at::Tensor& teacher, const at::Tensor&) {
            return -divergence(logits, teacher);
        });
    }

    void mend(std::span<const std::int64_t> rows)
    {
        m_student.impl().module.train();
        descend(rows, [&](const at::Tensor& logits, const at::Tensor& teacher, const at::Tensor& labels) {
            return at::cross_entropy_loss(logits, labels, {}, at::Reduction::None) * labelWeight +
                   divergence(logits, teacher) * teacherWeight;
        });
    }

    /// One step of Adam on the mean of `loss`, which gives a value an image from logits, teacher's logits and
    /// labels.
    template <typename Loss>
    void descend(std::span<const std::int64_t> rows, const Loss& loss)
    {
        auto& impl = m_student.impl();
        std::vector<std::int32_t> labels;
        for (const auto row : rows)
            labels.push_back(m_labels[static_cast<std::size_t>(row)]);
        const at::Tensor target = model::labelTensor(labels, impl.device);
        const at::Tensor places =
            at::tensor(at::ArrayRef<std::int64_t>(rows.data(), rows.size())).to(impl.device);
        const at::Tensor teacher = m_teacher.index_select(0, places);
        const double share = 1.0 / static_cast<double>(rows.size());
        impl.flat.zeroGradient();
        model::addGradient(
            impl, model::pixelTensor(m_input.train, rows), m_piece,
            [&](const at::Tensor& logits, std::int64_t first) {
                const auto count = logits.size(0);
                return loss(logits, teacher.narrow(0, first, count), target.narrow(0, first, count)).sum() *
                       share;
            });
        m_adam.step(rate);
    }

    const TreatmentInput& m_input;
    const TreatOptions& m_options;
    model::Classifier m_student;
    model::Adam m_adam;
    Random m_random;
    std::int64_t m_piece;
    std::vector<std::int32_t> m_labels; ///< With a person's corrections; a row of the training set each.
    std::vector<std::int64_t> m_mended; ///< D\C and what was corrected.
    std::vector<std::int64_t> m_driven; ///< The other causes.
    at::Tensor m_teacher;               ///< Logits, N × K.
    std::int64_t m_seen = 0;
};

} // namespace

Result scrub(const TreatmentInput& input, const TreatOptions& options, const Monitor& monitor)
{
    return Scrubber(input, options).run(monitor);
}

} // namespace culprit::treatment
