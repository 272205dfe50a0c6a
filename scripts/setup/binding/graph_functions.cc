#include "graph_functions.h"

#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/c_api.h"

namespace rzero {
namespace {

// Every TensorFlow object is owned from the moment it exists, so that each early return frees what came before it.
template <typename T, void (*Delete)(T*)>
struct Deleter {
  void operator()(T* object) const { Delete(object); }
};
template <typename T, void (*Delete)(T*)>
using Owned = std::unique_ptr<T, Deleter<T, Delete>>;

using Status = Owned<TF_Status, TF_DeleteStatus>;
using Graph = Owned<TF_Graph, TF_DeleteGraph>;
using Buffer = Owned<TF_Buffer, TF_DeleteBuffer>;
using ImportOptions = Owned<TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions>;
using Function = Owned<TF_Function, TF_DeleteFunction>;

napi_value Throw(napi_env env, const std::string& message) {
  bool pending = false;
  // A JavaScript exception that is already on its way says more than this one would.
  if (napi_is_exception_pending(env, &pending) != napi_ok || !pending) {
    napi_throw_error(env, nullptr, message.c_str());
  }
  return nullptr;
}

bool Failed(napi_env env, const TF_Status* status, const std::string& doing) {
  if (TF_GetCode(status) == TF_OK) return false;
  Throw(env, doing + ": " + TF_Message(status));
  return true;
}

bool ReadString(napi_env env, napi_value value, std::string* text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  text->resize(length + 1);
  if (napi_get_value_string_utf8(env, value, &(*text)[0], length + 1, &length) != napi_ok) return false;
  text->resize(length);
  return true;
}

// "node" or "node:index" of the graph.
bool FindOutput(TF_Graph* graph, const std::string& endpoint, TF_Output* found) {
  std::string node = endpoint;
  int index = 0;
  const size_t colon = endpoint.rfind(':');
  if (colon != std::string::npos) {
    const std::string digits = endpoint.substr(colon + 1);
    if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != std::string::npos) {
      return false;
    }
    node = endpoint.substr(0, colon);
    index = std::stoi(digits);
  }
  TF_Operation* operation = TF_GraphOperationByName(graph, node.c_str());
  if (operation == nullptr || index >= TF_OperationNumOutputs(operation)) return false;
  *found = {operation, index};
  return true;
}

bool ReadEndpoints(napi_env env, TF_Graph* graph, napi_value list, std::vector<TF_Output>* endpoints) {
  uint32_t length = 0;
  if (napi_get_array_length(env, list, &length) != napi_ok) {
    Throw(env, "addFunction: inputs and outputs must be arrays of strings");
    return false;
  }
  endpoints->reserve(length);
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    std::string name;
    TF_Output endpoint;
    if (napi_get_element(env, list, i, &element) != napi_ok || !ReadString(env, element, &name)) {
      Throw(env, "addFunction: inputs and outputs must be arrays of strings");
      return false;
    }
    if (!FindOutput(graph, name, &endpoint)) {
      Throw(env, "addFunction: the graph has no output '" + name + "'");
      return false;
    }
    endpoints->push_back(endpoint);
  }
  return true;
}

napi_value Boolean(napi_env env, bool value) {
  napi_value result = nullptr;
  if (napi_get_boolean(env, value, &result) != napi_ok) return Throw(env, "Could not make a boolean");
  return result;
}

// The only argument of the functions below: a name.
bool ReadName(napi_env env, napi_callback_info info, std::string* name) {
  size_t count = 1;
  napi_value argument;
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) == napi_ok && count == 1 &&
      ReadString(env, argument, name)) {
    return true;
  }
  Throw(env, "Expected the name of a function");
  return false;
}

}  // namespace

napi_value AddFunction(napi_env env, TFE_Context* context, napi_callback_info info) {
  size_t count = 4;
  napi_value arguments[4];
  std::string name;
  bool is_bytes = false;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok || count < 4 ||
      !ReadString(env, arguments[0], &name) || napi_is_typedarray(env, arguments[1], &is_bytes) != napi_ok ||
      !is_bytes) {
    return Throw(env, "Expected addFunction(name, graphDef as Uint8Array, inputs, outputs)");
  }
  napi_typedarray_type type;
  size_t length = 0;
  void* bytes = nullptr;
  if (napi_get_typedarray_info(env, arguments[1], &type, &length, &bytes, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array || length == 0) {
    return Throw(env, "addFunction: graphDef must be a Uint8Array with content");
  }
  if (TFE_ContextHasFunction(context, name.c_str())) return Boolean(env, false);

  Status status(TF_NewStatus());
  Graph graph(TF_NewGraph());
  {
    Buffer buffer(TF_NewBufferFromString(bytes, length));
    ImportOptions options(TF_NewImportGraphDefOptions());
    TF_GraphImportGraphDef(graph.get(), buffer.get(), options.get(), status.get());
  }
  if (Failed(env, status.get(), "Importing the graph of '" + name + "'")) return nullptr;

  std::vector<TF_Output> inputs;
  std::vector<TF_Output> outputs;
  if (!ReadEndpoints(env, graph.get(), arguments[2], &inputs)) return nullptr;
  if (!ReadEndpoints(env, graph.get(), arguments[3], &outputs)) return nullptr;

  Function function(TF_GraphToFunction(
      graph.get(), name.c_str(), /*append_hash_to_fn_name=*/0, /*num_opers=*/-1, /*opers=*/nullptr,
      static_cast<int>(inputs.size()), inputs.data(), static_cast<int>(outputs.size()), outputs.data(),
      /*output_names=*/nullptr, /*opts=*/nullptr, /*description=*/nullptr, status.get()));
  if (Failed(env, status.get(), "Making the function '" + name + "'")) return nullptr;

  TFE_ContextAddFunction(context, function.get(), status.get());
  if (Failed(env, status.get(), "Adding the function '" + name + "'")) return nullptr;
  return Boolean(env, true);
}

napi_value RemoveFunction(napi_env env, TFE_Context* context, napi_callback_info info) {
  std::string name;
  if (!ReadName(env, info, &name)) return nullptr;
  if (!TFE_ContextHasFunction(context, name.c_str())) return Boolean(env, false);
  Status status(TF_NewStatus());
  TFE_ContextRemoveFunction(context, name.c_str(), status.get());
  if (Failed(env, status.get(), "Removing the function '" + name + "'")) return nullptr;
  return Boolean(env, true);
}

napi_value HasFunction(napi_env env, TFE_Context* context, napi_callback_info info) {
  std::string name;
  if (!ReadName(env, info, &name)) return nullptr;
  return Boolean(env, TFE_ContextHasFunction(context, name.c_str()) != 0);
}

}  // namespace rzero
