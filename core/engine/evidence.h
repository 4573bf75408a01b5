// SPDX-License-Identifier: GPL-3.0-or-later
// Why one image stands accused: which failures a training image argues for, and what it resembles. The
// answers come from the last layer alone, in closed form, so that they are there while a person looks at the
// image.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "data/image_set.h"
#include "model/classifier.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace culprit::engine {

/// What the last layer saw and said of each image of a set; a row of the set each.
struct LastLayer {
    std::int64_t dimension = 0;       ///< d
    std::int64_t classes = 0;         ///< K
    std::vector<float> features;      ///< N × d, row-major: what the last linear operator was given.
    std::vector<float> probabilities; ///< N × K, row-major: the model's p(class | image).
    std::vector<std::int32_t> labels; ///< N

    std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
};

struct Evidence {
    LastLayer train;
    LastLayer test;
};

/// Rows and their values, largest value first; equal values in the order of the rows.
struct Ranked {
    std::vector<std::int64_t> rows;
    std::vector<float> values;
};

/// How strongly training image z argues for failure q: by how much one gradient step of size 1 on q's right
/// label raises z's loss, in nats to first order, were only the last layer W [f, 1] to learn. With g = (p -
/// y) ⊗ [f, 1] it is -g(z)·g(q) = -((p_z - y_z)·(p_q - y_q)) (f_z·f_q + 1): Charpiat et al. (2019), TracIn
/// (Pruthi et al. 2020) at the last checkpoint, restricted to the last layer. Positive: learning to get q
/// right makes z less likely.
float pull(const Evidence& evidence, std::int64_t trainRow, std::int64_t testRow);

/// The failures (rows of the test set) that a training image argues for, at most `count`; only positive
/// pulls.
Ranked failuresPulledBy(const Evidence& evidence, std::int64_t trainRow,
                        std::span<const std::int64_t> failures, std::int64_t count);

/// The training images that argue for a failure, at most `count`; only positive pulls. `among`: rows to look
/// at; empty: all. N (d + K) multiplications.
Ranked culpritsOf(const Evidence& evidence, std::int64_t testRow, std::span<const std::int64_t> among,
                  std::int64_t count);

/// The nearest training images by cosine similarity of the features, the image itself left out, at most
/// `count`.
Ranked neighboursOfTrain(const Evidence& evidence, std::int64_t trainRow, std::int64_t count);
Ranked neighboursOfTest(const Evidence& evidence, std::int64_t testRow, std::int64_t count);

/// The last layer of one set alone. `batch`: images a forward pass takes at once; 0: chosen by the model.
Expected<LastLayer> lastLayerOf(const model::Classifier& classifier, const data::ImageSet& set,
                                std::int64_t batch, const Monitor& monitor);

/// Makes Evidence a few batches at a time, so that whoever waits for the thread waits no longer than one
/// batch. Works on a thread that may use LibTorch; the classifier and the sets must outlive it.
class EvidenceBuilder {
public:
    /// `batch`: images a forward pass takes at once; 0: chosen by the model.
    EvidenceBuilder(const model::Classifier& classifier, const data::ImageSet& train,
                    const data::ImageSet& test, std::int64_t batch);
    ~EvidenceBuilder();

    /// One batch more. Unsupported where all of it would take more than 4 GiB.
    Expected<void> step();

    bool done() const { return m_done == m_total; }
    std::int64_t rowsDone() const { return m_done; }
    std::int64_t rowsInAll() const { return m_total; }

    /// Once, when done.
    std::shared_ptr<const Evidence> take();

private:
    const model::Classifier& m_classifier;
    const data::ImageSet& m_train;
    const data::ImageSet& m_test;
    std::int64_t m_batch;
    std::int64_t m_done = 0; ///< Rows of train, then of test.
    std::int64_t m_total;
    std::shared_ptr<Evidence> m_evidence;
};

} // namespace culprit::engine
