// What public/vendor/linux says of itself.
export { IMAGE_MANIFEST, type ImageManifest, type LinuxImage, readImageManifest } from './image-manifest.ts';
