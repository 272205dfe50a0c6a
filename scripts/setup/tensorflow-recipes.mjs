/**
 * Which TensorFlow for which machine: exact packages with their SHA-256, and what is taken out of each. The Python
 * version in a wheel's name does not matter here, since only its C library is used.
 *
 * CUDA: TensorFlow's `and-cuda` extra names ranges; these are the newest builds in them. TensorFlow finds them by
 * the run path of its own library, so the folders keep the layout of site-packages (tensorflow/ beside nvidia/).
 */

/** @typedef {{ name: string, version: string, sha256: string, megabytes: number, platforms: readonly string[] }} Wheel */
/** @typedef {{ device: 'cpu' | 'cuda', wheels: readonly Wheel[], diskGigabytes: number }} Recipe */

export const TENSORFLOW_VERSION = '2.21.0';

const LINUX_X64 = ['manylinux_2_27_x86_64', 'manylinux_2_25_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64'];

/** @param {string} name @param {string} version @param {number} megabytes @param {string} sha256 @returns {Wheel} */
const nvidia = (name, version, megabytes, sha256) => ({
  name: `nvidia-${name}-cu12`,
  version,
  megabytes,
  sha256,
  platforms: LINUX_X64,
});

/** @type {Readonly<Record<string, readonly Recipe[]>>} fastest first; a recipe that cannot be used is skipped */
const RECIPES = {
  'linux-x64': [
    {
      device: 'cuda',
      diskGigabytes: 9,
      wheels: [
        {
          name: 'tensorflow',
          version: TENSORFLOW_VERSION,
          megabytes: 572,
          sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
          platforms: LINUX_X64,
        },
        nvidia('cublas', '12.9.3.13', 581, 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'),
        nvidia('cuda-cupti', '12.9.79', 11, '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f'),
        nvidia('cuda-nvcc', '12.9.86', 41, '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0'),
        nvidia('cuda-nvrtc', '12.9.86', 90, '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'),
        nvidia('cuda-runtime', '12.9.79', 3, '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'),
        nvidia('cudnn', '9.28.0.42', 717, '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'),
        nvidia('cufft', '11.4.1.4', 201, 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'),
        nvidia('curand', '10.3.10.19', 68, '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'),
        nvidia('cusolver', '11.7.5.82', 338, '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'),
        nvidia('cusparse', '12.5.10.65', 366, '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'),
        nvidia('nccl', '2.32.3', 352, 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'),
        nvidia('nvjitlink', '12.9.86', 40, 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'),
      ],
    },
    {
      device: 'cpu',
      diskGigabytes: 1.5,
      wheels: [
        {
          name: 'tensorflow-cpu',
          version: TENSORFLOW_VERSION,
          megabytes: 274,
          sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
          platforms: LINUX_X64,
        },
      ],
    },
  ],
  'linux-arm64': [
    {
      device: 'cpu',
      diskGigabytes: 1.5,
      wheels: [
        {
          name: 'tensorflow',
          version: TENSORFLOW_VERSION,
          megabytes: 282,
          sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
          platforms: ['manylinux_2_27_aarch64'],
        },
      ],
    },
  ],
  'darwin-arm64': [
    {
      device: 'cpu',
      diskGigabytes: 1.5,
      wheels: [
        {
          name: 'tensorflow',
          version: TENSORFLOW_VERSION,
          megabytes: 223,
          sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
          platforms: ['macosx_12_0_arm64'],
        },
      ],
    },
  ],
};

/** @param {string} platform like 'linux-x64' @returns {readonly Recipe[]} empty where no wheel carries the C library */
export const recipesFor = (platform) => RECIPES[platform] ?? [];

/** Files to take out of the wheels. Headers serve the compiler and are deleted after it. */
export const LIBRARY_FILES = [
  String.raw`tensorflow/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)`,
  String.raw`nvidia/[^/]+/lib/.*\.so[.0-9]*`,
  // XLA compiles for the GPU with these two.
  String.raw`nvidia/cuda_nvcc/(bin/ptxas|nvvm/libdevice/.*)`,
];
export const HEADER_FILES = [
  String.raw`tensorflow/include/tensorflow/c/.*\.h`,
  String.raw`tensorflow/include/(tensorflow/core/platform|xla/tsl/platform|tsl/platform|xla/tsl/c|xla/tsl/protobuf)/.*\.h`,
  String.raw`.*LICENSE.*|.*NOTICE.*`,
];
