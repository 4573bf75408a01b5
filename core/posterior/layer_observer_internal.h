// SPDX-License-Identifier: GPL-3.0-or-later
// Which layers a module really runs, seen from its operators: what goes into a linear operator or a
// convolution, with which parameters, and the gradient that comes back to its output. Works for any
// TorchScript module, since it reads no module structure.
#pragma once

#include "model/classifier_internal.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace culprit::posterior {

/// A trained parameter and where it stands in θ.
struct ParameterPlace {
    std::string name;
    std::vector<std::int64_t> sizes;
    std::int64_t offset = 0;
    std::int64_t count = 0;
};

/// In the order of θ.
std::vector<ParameterPlace> parameterPlaces(const model::Classifier::Impl& impl);

/// How a convolution's filter moves over its input.
struct FilterPath {
    std::vector<std::int64_t> kernel;
    std::vector<std::int64_t> stride;
    std::vector<std::int64_t> padding;
    std::vector<std::int64_t> dilation;
};

/// One run of a linear operator or a two-dimensional convolution.
struct LayerRun {
    std::int64_t weight = 0; ///< Where W starts in θ: outputs × inputs values.
    std::int64_t bias = -1;  ///< Where b starts; -1: none that is trained.
    std::int64_t outputs = 0;
    std::int64_t inputs = 0;   ///< Columns of W as a matrix: channels × kernel for a convolution.
    FilterPath path;           ///< Without a kernel: a linear operator.
    at::Tensor input;          ///< (…, inputs), or (n, channels, height, width).
    at::Tensor outputGradient; ///< (…, outputs), or (n, outputs, height, width); set by backward().
};

/// While it lives, notes what this thread's operators do with the module's parameters.
class LayerObserver {
public:
    LayerObserver(const model::Classifier::Impl& impl, const std::vector<ParameterPlace>& places);
    ~LayerObserver();
    LayerObserver(const LayerObserver&) = delete;
    LayerObserver& operator=(const LayerObserver&) = delete;

    const std::vector<std::shared_ptr<LayerRun>>& runs() const { return m_runs; }

    /// Parameters, by their place, that have a part in the output other than as a layer of `runs`, and how.
    const std::map<std::int64_t, std::string>& otherUses() const { return m_otherUses; }

private:
    static std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function);
    static void end(const at::RecordFunction& function, at::ObserverContext* context);

    std::shared_ptr<LayerRun> recognised(std::string_view name, c10::ArrayRef<const c10::IValue> inputs);
    std::shared_ptr<LayerRun> linear(const c10::IValue& input, const at::Tensor& weight,
                                     const c10::IValue& bias);
    std::shared_ptr<LayerRun> convolution(c10::ArrayRef<const c10::IValue> inputs);
    bool setBias(LayerRun& run, const c10::IValue& bias) const;
    const ParameterPlace* placeOf(const at::Tensor& tensor) const;
    bool isWhole(const at::Tensor& tensor, const ParameterPlace* place) const;
    void noteUses(std::string_view name, c10::ArrayRef<const c10::IValue> inputs);

    const std::vector<ParameterPlace>& m_places;
    const void* m_storage;
    std::vector<std::shared_ptr<LayerRun>> m_runs;
    std::map<std::int64_t, std::string> m_otherUses;
    bool m_inside = false; ///< Operators of which a recognised one consists are part of it.
    at::CallbackHandle m_handle;
};

} // namespace culprit::posterior
